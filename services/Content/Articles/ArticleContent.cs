using System.Security.Cryptography;
using System.Text;
using Blog.Content.Text;

namespace Blog.Content.Articles;

/// <summary>What the author edits, in the form in which it is kept.</summary>
sealed record ArticleContent
{
    public const int MaxTitle = 200, MaxDescription = 400, MaxTopics = 5, MaxTopic = 50, MaxAlt = 400, MaxUrl = 2000;

    public required string Title { get; init; }
    public required string Description { get; init; }
    public required string Markdown { get; init; }
    public required string[] Topics { get; init; }
    public Guid? CoverMediaId { get; init; }
    public required string CoverAlt { get; init; }
    public required string Slug { get; init; }
    public required string CanonicalUrl { get; init; }
    public required string Language { get; init; }

    /// <summary>Equal exactly for equal contents.</summary>
    public byte[] Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (string[])[Title, Description, Markdown, .. Topics, $"{CoverMediaId}", CoverAlt, Slug, CanonicalUrl, Language])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        return hash.GetHashAndReset();
    }

    /// <summary>Reads what somebody sent; every problem names its field as in the proto, in words for the author.</summary>
    public static (ArticleContent Content, IReadOnlyList<(string Field, string Description)> Problems) Read(V1.ArticleContent? sent)
    {
        sent ??= new V1.ArticleContent();
        var problems = new List<(string, string)>();
        var content = new ArticleContent
        {
            Title = Line(sent.Title),
            Description = Line(sent.Description),
            // CommonMark 2.3: NUL is replaced. Everything else is the author's, byte for byte.
            Markdown = sent.Markdown.Replace('\0', '\uFFFD'),
            Topics = [.. sent.Topics.Select(Line).Where(topic => topic.Length > 0).DistinctBy(ServiceDefaults.Text.Slug.FromTopic)],
            CoverMediaId = Guid.TryParseExact(sent.CoverMediaId, "D", out var cover) ? cover : null,
            CoverAlt = Line(sent.CoverAlt),
            Slug = ServiceDefaults.Text.Slug.Chosen(sent.Slug),
            CanonicalUrl = sent.CanonicalUrl.Trim(),
            Language = sent.Language.Trim(),
        };

        void Check(bool isFine, string field, string description)
        {
            if (!isFine)
                problems.Add(($"content.{field}", description));
        }
        Check(Length(content.Title) <= MaxTitle, "title", $"A title has at most {MaxTitle} characters; this one has {Length(content.Title)}.");
        Check(Length(content.Description) <= MaxDescription, "description", $"A description has at most {MaxDescription} characters; this one has {Length(content.Description)}.");
        Check(content.Topics.Length <= MaxTopics, "topics", $"An article has at most {MaxTopics} topics.");
        foreach (var topic in content.Topics)
        {
            Check(Length(topic) <= MaxTopic, "topics", $"A topic has at most {MaxTopic} characters; “{topic[..Math.Min(20, topic.Length)]}…” is longer.");
            Check(ServiceDefaults.Text.Slug.FromTopic(topic).Length > 0, "topics", $"A topic needs a letter or a digit; “{topic}” has none.");
        }
        Check(sent.CoverMediaId.Length == 0 || content.CoverMediaId is not null, "cover_media_id", "A cover is named by the id of an uploaded picture.");
        Check(Length(content.CoverAlt) <= MaxAlt, "cover_alt", $"A description of the cover has at most {MaxAlt} characters.");
        Check(sent.Slug.Trim().Length == 0 || content.Slug.Length > 0, "slug", "An address needs at least one letter or digit.");
        Check(content.CanonicalUrl.Length == 0 || content.CanonicalUrl.Length <= MaxUrl && IsWebAddress(content.CanonicalUrl), "canonical_url", "Enter the full address of the original, beginning with https:// or http://.");
        Check(content.Language.Length <= 35 && content.Language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'), "language", "A language is a tag like en or pt-BR.");
        return (content, problems);
    }

    /// <summary>What <see cref="Read"/> reads.</summary>
    public V1.ArticleContent ToMessage() => new()
    {
        Title = Title,
        Description = Description,
        Markdown = Markdown,
        Topics = { Topics },
        CoverMediaId = CoverMediaId?.ToString() ?? "",
        CoverAlt = CoverAlt,
        Slug = Slug,
        CanonicalUrl = CanonicalUrl,
        Language = Language,
    };

    /// <summary>Bytes of UTF-8 that the text may have.</summary>
    public bool IsTooLarge => Markdown.Length > MarkdownRenderer.LargestMarkdown / 3 && Encoding.UTF8.GetByteCount(Markdown) > MarkdownRenderer.LargestMarkdown;

    /// <summary>One line of text: composed, without control characters, single spaces.</summary>
    public static string Line(string text) =>
        string.Join(' ', string.Concat(ServiceDefaults.Text.Normalizable.Characters(text).Normalize(NormalizationForm.FormC).Select(c => char.IsControl(c) ? ' ' : c)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static int Length(string text) => text.EnumerateRunes().Count();

    static bool IsWebAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
        && address.Host.Length > 0 && address.UserInfo.Length == 0 && !url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '\\' or '"' or '<' or '>');
}
