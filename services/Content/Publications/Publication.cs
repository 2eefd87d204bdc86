using System.Text;
using Blog.ServiceDefaults.Text;
using Google.Protobuf.WellKnownTypes;

namespace Blog.Content.Publications;

/// <summary>What a member may do; each may do what those after it may.</summary>
enum PublicationRole : short
{
    Owner = 1,
    Editor = 2,
    Writer = 3,
}

/// <summary>A magazine that people write for together, as it says of itself.</summary>
sealed class Publication
{
    public const int MaxName = 80, MaxDescription = 300, MinSlug = 2, MaxSlug = 40;

    public required Guid Id { get; init; }
    public required string Slug { get; set; }
    public required string Name { get; set; }
    public required string Description { get; set; }
    public Guid? PictureMediaId { get; set; }
    public required DateTimeOffset CreateTime { get; init; }
    public required long Revision { get; set; }

    public V1.Publication ToMessage() => new()
    {
        Id = Id.ToString(),
        Slug = Slug,
        Name = Name,
        Description = Description,
        PictureMediaId = PictureMediaId?.ToString() ?? "",
        CreateTime = Timestamp.FromDateTimeOffset(CreateTime),
        Revision = Revision,
    };

    /// <summary>What somebody sent, in the form in which it is kept; every problem names its field.</summary>
    public static ((string Slug, string Name, string Description, Guid? Picture) Input, IReadOnlyList<(string Field, string Description)> Problems) Read(V1.PublicationInput? sent)
    {
        sent ??= new V1.PublicationInput();
        var problems = new List<(string, string)>();
        var (slug, name, description) = (sent.Slug.Trim().ToLowerInvariant(), Line(sent.Name), Line(sent.Description));
        Guid? picture = Guid.TryParseExact(sent.PictureMediaId, "D", out var id) ? id : null;
        void Check(bool isFine, string field, string problem)
        {
            if (!isFine)
                problems.Add(($"publication.{field}", problem));
        }
        Check(IsSlug(slug), "slug", $"An address has {MinSlug} to {MaxSlug} letters a to z, digits and single hyphens inside.");
        Check(name.Length > 0 && Length(name) <= MaxName, "name", $"A name has 1 to {MaxName} characters.");
        Check(Length(description) <= MaxDescription, "description", $"A description has at most {MaxDescription} characters; this one has {Length(description)}.");
        Check(sent.PictureMediaId.Length == 0 || picture is not null, "picture_media_id", "A picture is named by the id of an uploaded picture.");
        return ((slug, name, description, picture), problems);
    }

    public static bool IsSlug(string slug) => slug.Length is >= MinSlug and <= MaxSlug && slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && slug[0] != '-' && slug[^1] != '-' && !slug.Contains("--", StringComparison.Ordinal);

    static string Line(string text) =>
        string.Join(' ', string.Concat(Normalizable.Characters(text).Normalize(NormalizationForm.FormC).Select(c => char.IsControl(c) ? ' ' : c)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static int Length(string text) => text.EnumerateRunes().Count();
}

/// <summary>A slug that a publication has, or had.</summary>
sealed class PublicationSlug
{
    public required string Slug { get; init; }
    public required Guid PublicationId { get; init; }
    public required DateTimeOffset TakenTime { get; init; }
}

/// <summary>Somebody who agreed to be in it.</summary>
sealed class PublicationMember
{
    public required Guid PublicationId { get; init; }
    public required Guid PersonId { get; init; }
    public required PublicationRole Role { get; set; }
    public required DateTimeOffset JoinTime { get; init; }
}

enum SubmissionState : short
{
    Waiting = 1,
    Accepted = 2,
    SentBack = 3,
    Withdrawn = 4,
}

/// <summary>An article that is offered to a publication, and what became of that.</summary>
sealed class Submission
{
    public required Guid Id { get; init; }
    public required Guid PublicationId { get; init; }
    public required Guid ArticleId { get; init; }
    public required Guid AuthorId { get; init; }
    public required SubmissionState State { get; set; }
    public required string Note { get; init; }
    public string Feedback { get; set; } = "";
    public Guid? AnsweredBy { get; set; }
    public required DateTimeOffset SubmitTime { get; init; }
    public DateTimeOffset? AnswerTime { get; set; }

    public void Answer(SubmissionState state, Guid by, string feedback, DateTimeOffset now) => (State, AnsweredBy, Feedback, AnswerTime) = (state, by, feedback, now);

    /// <param name="title">Of the working copy.</param>
    /// <param name="words">In it.</param>
    public V1.Submission ToMessage(string title, int words) => new()
    {
        Id = Id.ToString(),
        PublicationId = PublicationId.ToString(),
        ArticleId = ArticleId.ToString(),
        AuthorId = AuthorId.ToString(),
        State = (V1.SubmissionState)State,
        Title = title,
        Note = Note,
        Feedback = Feedback,
        AnsweredBy = AnsweredBy?.ToString() ?? "",
        SubmitTime = Timestamp.FromDateTimeOffset(SubmitTime),
        AnswerTime = AnswerTime is { } answered ? Timestamp.FromDateTimeOffset(answered) : null,
        WordCount = words,
    };
}
