using Blog.Archives.Exporting;
using Blog.Archives.Writing;
using Blog.Bff.Sessions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Bff.Api;

/// <summary>Everything a person wrote, to take along. It is made while it is sent, a story at a time; nothing is kept here.</summary>
static class MyExportEndpoints
{
    public static void MapMyExport(this IEndpointRouteBuilder me)
    {
        me.MapGet("/export.zip", Export).WithTags("My export").WithName("exportMine")
            .WithSummary("My stories and drafts as Markdown with front matter, their pictures, responses to them, series, my lists and what I said elsewhere as JSON, and a page that lists it all. It can be imported again.")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/zip");
        me.MapGet("/publications/{id}/export.zip", ExportPublication).WithTags("My publications").WithName("exportPublication")
            .WithSummary("A publication, for its owners and editors: its stories as readers have them, as Markdown with front matter, their pictures, responses to them, its people, and a page that lists it all. It can be imported again.")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/zip").ProducesProblem(StatusCodes.Status404NotFound);
    }

    static async Task<PushStreamHttpResult> Export(Site site, CurrentPerson person, HttpContext http, CancellationToken ct)
    {
        var (id, handle) = (person.Id, await person.HandleAsync(ct) ?? "");
        return Zipped(http, $"{handle}.zip", (sink, cancel) => new Takeout(site, sink, id).WriteAsync(cancel));
    }

    static async Task<PushStreamHttpResult> ExportPublication(Guid id, Site site, CurrentPerson person, HttpContext http, CancellationToken ct)
    {
        // Who may not have it gets an answer that says so, not a broken file.
        var publication = (await site.Exports.GetExportedPublicationAsync(new() { PersonId = person.Id, PublicationId = id.ToString() }, cancellationToken: ct)).Publication;
        return Zipped(http, $"{publication.Slug}.zip", (sink, cancel) => new PublicationTakeout(site, sink, person.Id, id.ToString(), publication).WriteAsync(cancel));
    }

    /// <summary>An archive that is made while it is sent.</summary>
    static PushStreamHttpResult Zipped(HttpContext http, string name, Func<IArchiveSink, CancellationToken, Task> write)
    {
        // ZipArchive writes the few bytes behind each packed file in no other way.
        http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        return TypedResults.Stream(async zip =>
        {
            await using var sink = await ZipSink.OpenAsync(zip, http.RequestAborted);
            await write(sink, http.RequestAborted);
        }, "application/zip", name);
    }
}
