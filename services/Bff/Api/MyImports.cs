using System.Buffers;
using System.Globalization;
using System.Text.Json.Serialization;
using Blog.Bff.Sessions;
using Blog.Content.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Blog.Bff.Api;

[JsonConverter(typeof(JsonStringEnumConverter<MyImportState>))]
public enum MyImportState
{
    [JsonStringEnumMemberName("reading")] Reading,
    [JsonStringEnumMemberName("ready")] Ready,
    [JsonStringEnumMemberName("running")] Running,
    [JsonStringEnumMemberName("done")] Done,
    [JsonStringEnumMemberName("cancelled")] Cancelled,
    [JsonStringEnumMemberName("failed")] Failed,
}

[JsonConverter(typeof(JsonStringEnumConverter<MyImportOutcome>))]
public enum MyImportOutcome
{
    [JsonStringEnumMemberName("waiting")] Waiting,
    [JsonStringEnumMemberName("created")] Created,
    [JsonStringEnumMemberName("updated")] Updated,
    [JsonStringEnumMemberName("unchanged")] Unchanged,
    [JsonStringEnumMemberName("skipped")] Skipped,
    [JsonStringEnumMemberName("failed")] Failed,
}

[JsonConverter(typeof(JsonStringEnumConverter<MyImportKind>))]
public enum MyImportKind
{
    [JsonStringEnumMemberName("story")] Story,
    [JsonStringEnumMemberName("series")] Series,
    [JsonStringEnumMemberName("list")] List,
    [JsonStringEnumMemberName("responses")] Responses,
    [JsonStringEnumMemberName("ownResponses")] OwnResponses,
    [JsonStringEnumMemberName("publication")] Publication,
}

/// <summary>What an archive holds, and what was done of it.</summary>
/// <param name="Responses">Single ones.</param>
/// <param name="Items">All there is to do.</param>
/// <param name="FactsBrought">Of created and updated, those that are no stories: series, lists, the responses to a story, a publication.</param>
public sealed record MyImportCounts(
    int Stories, int Drafts, int Pictures, int Noted, int Unreadable, int LeftOut, int Created, int Updated, int Unchanged, int Failed, int Skipped, int Series, int Lists, int Responses, int Publications, int Items, int FactsBrought)
{
    internal static MyImportCounts From(ImportCounts c) =>
        new(c.Stories, c.Drafts, c.Pictures, c.Noted, c.Unreadable, c.LeftOut, c.Created, c.Updated, c.Unchanged, c.Failed, c.Skipped, c.Series, c.Lists, c.Responses, c.Publications, c.Items, c.FactsBrought);
}

/// <param name="Format">medium, substack, ghost, wordpress or markdown; null before it is read.</param>
/// <param name="CanStart">It was read and is not at work.</param>
public sealed record MyImport(
    string Id, MyImportState State, string FileName, long Size, string? Format, bool CanStart, MyImportCounts Counts, bool AsDrafts, string? Site, string? Problem, DateTime CreatedAt, DateTime UpdatedAt)
{
    internal static MyImport From(Import i) => new(i.Id, (MyImportState)(i.State - 1), i.FileName, i.SizeBytes, i.Format.OrNull(),
        i.State is ImportState.Ready || i.State is ImportState.Cancelled && i.Format.Length > 0, MyImportCounts.From(i.Counts), i.AsDrafts, i.Site.OrNull(), i.Problem.OrNull(), i.CreateTime.ToDateTime(), i.UpdateTime.ToDateTime());
}

public sealed record MyImports(IReadOnlyList<MyImport> Items);

/// <param name="Kind">Also a story: what is none, and its reason says so.</param>
/// <param name="Entries">Stories of a series, a list or a publication; single responses.</param>
/// <param name="Reason">Why it is not imported.</param>
public sealed record MyImportItem(int Number, string Path, string Title, MyImportKind Kind, int Entries, bool Draft, DateTime? PublishedAt, MyImportOutcome Outcome, string? Reason, IReadOnlyList<string> Notes, string? ArticleId)
{
    internal static MyImportItem From(ImportItem i) =>
        new(i.Number, i.Path, i.Title, (MyImportKind)i.Kind, i.Entries, i.Draft, i.PublishTime?.ToDateTime(), (MyImportOutcome)i.Outcome, i.Reason.OrNull(), [.. i.Notes], i.ArticleId.OrNull());
}

public sealed record MyImportItems(IReadOnlyList<MyImportItem> Items, string? NextPageToken);

/// <param name="AsDrafts">Everything becomes a draft.</param>
/// <param name="Site">Address of the former site; pictures and links that name no host are found there.</param>
public sealed record StartImportInput(bool AsDrafts = false, string? Site = null);

/// <summary>Bringing in what somebody wrote elsewhere. The archive goes up as the raw body of one request and is handed on chunk by chunk: nothing is kept here.</summary>
static class MyImportEndpoints
{
    /// <summary>Bytes; what Content takes, and a little for whoever counts differently.</summary>
    const long MaxBody = 1024L * 1024 * 1024 + 1024 * 1024;

    const int ChunkBytes = 64 * 1024, ReportPage = 100;

    /// <summary>1 GB over 2.5 Mbit/s.</summary>
    static readonly TimeSpan SlowestUpload = TimeSpan.FromHours(1);

    public static void MapMyImports(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/imports").WithTags("My imports");
        group.MapGet("", List).WithName("listMyImports").WithSummary("My imports, newest first.");
        group.MapPost("", Upload).WithMetadata(new BodyLimit(MaxBody)).WithName("uploadArchive")
            .WithSummary("Keeps an archive (Medium, Substack, Ghost, WordPress, Markdown; recognised by its content) and begins to read it. Nothing is imported yet.")
            .Accepts<IFormFile>("application/octet-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        var one = group.MapGroup("/{id}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapGet("", Get).WithName("getMyImport").WithSummary("How far an import has come.");
        one.MapGet("/items", Items).WithName("listMyImportItems").WithSummary("What will become, or became, of each item of the archive.");
        one.MapGet("/report.csv", Report).WithName("exportMyImportReport").WithSummary("The same as a file.").Produces<string>(StatusCodes.Status200OK, "text/csv");
        one.MapPost("/start", Start).WithName("startMyImport").WithSummary("Begins to import, or goes on with what was cancelled.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/cancel", Cancel).WithName("cancelMyImport").WithSummary("Stops; what was imported stays.").ProducesProblem(StatusCodes.Status409Conflict);
        one.MapDelete("", Delete).WithName("deleteMyImport").WithSummary("Forgets the archive and the report; what was imported stays.");
    }

    static async Task<Ok<MyImports>> List(Imports.ImportsClient imports, CancellationToken ct) =>
        TypedResults.Ok(new MyImports([.. (await imports.ListImportsAsync(new(), cancellationToken: ct)).Imports.Select(MyImport.From)]));

    static async Task<Ok<MyImport>> Get(Guid id, Imports.ImportsClient imports, CancellationToken ct) =>
        TypedResults.Ok(MyImport.From((await imports.GetImportAsync(new() { Id = id.ToString() }, cancellationToken: ct)).Import));

    static async Task<Ok<MyImportItems>> Items(Guid id, Imports.ImportsClient imports, CancellationToken ct, bool? remarkable = null, string? pageToken = null, int? pageSize = null)
    {
        var page = await imports.ListImportItemsAsync(new() { Id = id.ToString(), Remarkable = remarkable ?? false, PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        return TypedResults.Ok(new MyImportItems([.. page.Items.Select(MyImportItem.From)], page.NextPageToken.OrNull()));
    }

    static async Task<Ok<MyImport>> Start(Guid id, StartImportInput input, Imports.ImportsClient imports, CancellationToken ct) =>
        TypedResults.Ok(MyImport.From((await imports.StartImportAsync(new() { Id = id.ToString(), AsDrafts = input.AsDrafts, Site = input.Site ?? "" }, cancellationToken: ct)).Import));

    static async Task<Ok<MyImport>> Cancel(Guid id, Imports.ImportsClient imports, CancellationToken ct) =>
        TypedResults.Ok(MyImport.From((await imports.CancelImportAsync(new() { Id = id.ToString() }, cancellationToken: ct)).Import));

    static async Task<NoContent> Delete(Guid id, Imports.ImportsClient imports, CancellationToken ct)
    {
        await imports.DeleteImportAsync(new() { Id = id.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<Created<MyImport>> Upload(
        HttpRequest request, Imports.ImportsClient imports, CurrentPerson person, TimeProvider time, CancellationToken ct, [FromHeader(Name = "X-File-Name")] string? fileName = null)
    {
        using var call = imports.UploadArchive(deadline: time.GetUtcNow().UtcDateTime + SlowestUpload, cancellationToken: ct);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            await call.RequestStream.WriteAsync(new() { Info = new() { FileName = Path.GetFileName(Uri.UnescapeDataString(fileName ?? "")), Handle = await person.HandleAsync(ct) ?? "" } }, ct);
            while (await request.Body.ReadAtLeastAsync(buffer.AsMemory(0, ChunkBytes), ChunkBytes, throwOnEndOfStream: false, ct) is > 0 and var read)
                await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(buffer, 0, read) }, ct);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception early) when (early is InvalidOperationException || early is RpcException { StatusCode: StatusCode.OK or StatusCode.Cancelled })
        {
            // Content ended the call before the last chunk; its answer below says why.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        try
        {
            var import = MyImport.From((await call.ResponseAsync).Import);
            return TypedResults.Created($"/api/v1/me/imports/{import.Id}", import);
        }
        catch (RpcException)
        {
            // The rest of a gigabyte is not waited for.
            request.HttpContext.Response.Headers.Connection = "close";
            throw;
        }
    }

    static async Task<PushStreamHttpResult> Report(Guid id, Imports.ImportsClient imports, HttpContext http)
    {
        // Whether it is there is known before the first byte.
        await imports.GetImportAsync(new() { Id = id.ToString() }, cancellationToken: http.RequestAborted);
        return TypedResults.Stream(stream => WriteReportAsync(id.ToString(), imports, stream, http.RequestAborted), "text/csv", "import.csv");
    }

    static async Task WriteReportAsync(string id, Imports.ImportsClient imports, Stream stream, CancellationToken ct)
    {
        await using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync("item,title,outcome,reason,notes,story");
        var token = "";
        do
        {
            var page = await imports.ListImportItemsAsync(new() { Id = id, PageSize = ReportPage, PageToken = token }, cancellationToken: ct);
            foreach (var item in page.Items)
                await writer.WriteLineAsync(string.Join(',', new[] { item.Path, item.Title, ((MyImportOutcome)item.Outcome).ToString().ToLower(CultureInfo.InvariantCulture), item.Reason, string.Join("; ", item.Notes), item.ArticleId }.Select(Csv.Field)));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
    }
}
