using Blog.Archives.Exporting;
using Blog.Archives.Writing;
using Blog.Bff.Sessions;
using Blog.Content.V1;
using Blog.Interactions.V1;
using Blog.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Bff.Api;

/// <summary>Everything a person wrote, to take along. It is made while it is sent, a story at a time; nothing is kept here.</summary>
static class MyExportEndpoints
{
    /// <summary>Bytes; the largest picture that can be stored.</summary>
    const int LargestPicture = 21 * 1024 * 1024;

    public static void AddExport(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(nameof(MyExportEndpoints), client =>
        {
            client.BaseAddress = new Uri("http://content");
            client.MaxResponseContentBufferSize = LargestPicture;
        });
        builder.Services.AddTransient(services => new Site(
            services.GetRequiredService<Exports.ExportsClient>(), services.GetRequiredService<Articles.ArticlesClient>(), services.GetRequiredService<Portability.PortabilityClient>(), services.GetRequiredService<Users.V1.Users.UsersClient>(),
            (id, cancel) => PictureAsync(services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MyExportEndpoints)), id, cancel), new Uri(services.GetRequiredService<IConfiguration>().PublicOrigin())));
    }

    public static void MapMyExport(this IEndpointRouteBuilder me) =>
        me.MapGet("/export.zip", Export).WithTags("My export").WithName("exportMine")
            .WithSummary("My stories and drafts as Markdown with front matter, their pictures, responses to them, series, my lists and what I said elsewhere as JSON, and a page that lists it all. It can be imported again.")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/zip");

    static async Task<PushStreamHttpResult> Export(Site site, CurrentPerson person, HttpContext http, CancellationToken ct)
    {
        var (id, handle) = (person.Id, await person.HandleAsync(ct) ?? "");
        return Zipped(http, $"{handle}.zip", (sink, cancel) => new Takeout(site, sink, id).WriteAsync(cancel));
    }

    /// <summary>An archive that is made while it is sent.</summary>
    internal static PushStreamHttpResult Zipped(HttpContext http, string name, Func<IArchiveSink, CancellationToken, Task> write)
    {
        // ZipArchive writes the few bytes behind each packed file in no other way.
        http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        return TypedResults.Stream(async zip =>
        {
            await using var sink = await ZipSink.OpenAsync(zip, http.RequestAborted);
            await write(sink, http.RequestAborted);
        }, "application/zip", name);
    }

    static async Task<(string, byte[])?> PictureAsync(HttpClient content, Guid id, CancellationToken ct)
    {
        using var answer = await content.GetAsync(new Uri($"/media/{id}", UriKind.Relative), ct);
        return answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType is { } type ? (type, await answer.Content.ReadAsByteArrayAsync(ct)) : null;
    }
}
