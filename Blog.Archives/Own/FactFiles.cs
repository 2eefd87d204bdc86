using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Blog.Archives.Own;

/// <summary>
/// The JSON files of an archive of this platform, each a whole of its own that says what it is. The same facts give the same bytes; stories are named by where they lie in the archive.
/// </summary>
static class FactFiles
{
    public const string SeriesFormat = "blog.series/1", PublicationFormat = "blog.publication/1", ListFormat = "blog.list/1", ResponsesFormat = "blog.responses/1", OwnResponsesFormat = "blog.my-responses/1";

    /// <summary>Bytes of a file: 100,000 responses of the usual length, or the longest list with the longest notes.</summary>
    const int LargestFile = 64 * 1024 * 1024;

    static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", MaxDepth = 8, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        AllowDuplicateProperties = false,
    };

    sealed record Kind(string? Format);

    public sealed record SeriesFile(string Format, string Title, string Slug, string[]? FormerSlugs, string? Description, string[]? Parts);

    public sealed record PublicationFile(string Format, string Name, string Slug, string[]? FormerSlugs, string? Description, string? Picture, DateTime? Created, Member[]? Members, string[]? Stories);

    public sealed record Member(string Name, string? Role, DateTime? Since);

    public sealed record ListFile(string Format, string Name, string Slug, string[]? FormerSlugs, string? Description, string? Visibility, bool Default, ListItem[]? Items);

    public sealed record ListItem(string? Story, string? Title, string? Address, string? Note, DateTime? Added);

    public sealed record ResponsesFile(string Format, string Story, bool Locked, Response[]? Responses);

    public sealed record Response(int Number, int Answers, bool Own, string? By, string? State, DateTime Date, DateTime? Edited, string? Text);

    public sealed record OwnResponsesFile(string Format, OwnResponse[]? Responses);

    public sealed record OwnResponse(string? Story, string? Address, DateTime Date, DateTime? Edited, string? Text);

    public static byte[] Write<T>(T file) => [.. JsonSerializer.SerializeToUtf8Bytes(file, Json), (byte)'\n'];

    /// <summary>Understands a file; null when it is none of these. Whatever is wrong with it is a remark.</summary>
    public static ArchiveItem? Read(IArchiveFiles files, string path)
    {
        try
        {
            var bytes = ReadAll(files, path);
            return JsonSerializer.Deserialize<Kind>(bytes, Json)?.Format switch
            {
                SeriesFormat => Of(path, Parsed<SeriesFile>(bytes)),
                PublicationFormat => Of(path, Parsed<PublicationFile>(bytes)),
                ListFormat => Of(path, Parsed<ListFile>(bytes)),
                ResponsesFormat => Of(path, Parsed<ResponsesFile>(bytes)),
                OwnResponsesFormat => Of(path, Parsed<OwnResponsesFile>(bytes)),
                _ => null,
            };
        }
        catch (JsonException wrong)
        {
            return new ArchiveRemark(path, true, $"it cannot be read: {(wrong.Path is { Length: > 1 } where ? $"{where}, " : "")}line {wrong.LineNumber + 1}");
        }
        catch (ArchiveRefusedException refused)
        {
            return new ArchiveRemark(path, true, refused.Message);
        }
    }

    static T Parsed<T>(byte[] bytes) => JsonSerializer.Deserialize<T>(bytes, Json) ?? throw new JsonException();

    static byte[] ReadAll(IArchiveFiles files, string path)
    {
        using var stream = files.OpenRead(path);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (stream.Read(buffer) is > 0 and var read)
        {
            bytes.Write(buffer.AsSpan(0, read));
            if (bytes.Length > LargestFile) throw new ArchiveRefusedException($"it is larger than {LargestFile >> 20} MB");
        }
        var all = bytes.ToArray();
        return all.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? all[Encoding.UTF8.Preamble.Length..] : all;
    }

    static ArchiveSeries Of(string path, SeriesFile file) => new(path, Named(file.Title, "$.title"), file.Slug ?? "", Texts(file.FormerSlugs), file.Description ?? "", Texts(file.Parts));

    static ArchivePublication Of(string path, PublicationFile file) => new(path, Named(file.Name, "$.name"), Texts(file.Stories))
    {
        Slug = file.Slug ?? "",
        FormerSlugs = Texts(file.FormerSlugs),
        Description = file.Description ?? "",
        Picture = file.Picture,
        Created = Time(file.Created),
        Members = [.. (file.Members ?? []).Select(Of)],
    };

    static ArchiveMember Of(Member member, int at) => new(Named(member?.Name, $"$.members[{at}].name"),
        member!.Role switch { "owner" => ArchiveRole.Owner, "editor" => ArchiveRole.Editor, null or "writer" => ArchiveRole.Writer, _ => throw new JsonException(null, $"$.members[{at}].role", null, null) }, Time(member.Since));

    static ArchiveList Of(string path, ListFile file) => new(path, Named(file.Name, "$.name"), [.. (file.Items ?? []).Select(Of)])
    {
        Slug = file.Slug ?? "",
        FormerSlugs = Texts(file.FormerSlugs),
        Description = file.Description ?? "",
        IsDefault = file.Default,
        Visibility = file.Visibility switch { "public" => ArchiveVisibility.Public, "link" => ArchiveVisibility.Link, null or "private" => ArchiveVisibility.Private, _ => throw new JsonException(null, "$.visibility", null, null) },
    };

    static ArchiveListItem Of(ListItem item, int at) => item is null
        ? throw new JsonException(null, $"$.items[{at}]", null, null)
        : new(item.Story, item.Title ?? "", item.Address ?? "", item.Note ?? "", Time(item.Added));

    static ArchiveThread Of(string path, ResponsesFile file) => new(path, System.IO.Path.GetFileNameWithoutExtension(path), Named(file.Story, "$.story"), file.Locked, [.. (file.Responses ?? []).Select(Of)]);

    static ArchiveResponse Of(Response response, int at) => response is null
        ? throw new JsonException(null, $"$.responses[{at}]", null, null)
        : new(response.Number, response.Answers, response.Own, response.By ?? "", response.State switch
        {
            null => ArchiveResponseState.Visible,
            "deleted" => ArchiveResponseState.Deleted,
            "hidden" => ArchiveResponseState.Hidden,
            _ => throw new JsonException(null, $"$.responses[{at}].state", null, null),
        }, Time(response.Date)!.Value, Time(response.Edited), response.Text ?? "");

    static ArchiveOwnResponses Of(string path, OwnResponsesFile file) => new(path, "", [.. (file.Responses ?? []).Select((response, at) => response is null
        ? throw new JsonException(null, $"$.responses[{at}]", null, null)
        : new ArchiveOwnResponse(response.Story ?? "", response.Address ?? "", Time(response.Date)!.Value, Time(response.Edited), response.Text ?? ""))]);

    // A property that is missing leaves null in what cannot be null.
    static string Named(string? text, string where) => string.IsNullOrWhiteSpace(text) ? throw new JsonException(null, where, null, null) : text;

    static string[] Texts(string?[]? texts) => [.. (texts ?? []).OfType<string>()];

    static DateTimeOffset? Time(DateTime? written) => written is not { } time ? null : time.Kind == DateTimeKind.Unspecified ? new(time, TimeSpan.Zero) : new(time.ToUniversalTime());
}
