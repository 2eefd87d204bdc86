using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Blog.Bff.Tests.World;

/// <summary>A site whose pages a test writes; counts how often each address was asked for, and keeps the headers it got.</summary>
sealed class FakeSite
{
    readonly ConcurrentDictionary<string, RequestDelegate> pages = new();
    readonly ConcurrentDictionary<string, int> counts = new();

    public ConcurrentQueue<(string Path, HeaderDictionary Headers)> Requests { get; } = new();

    public void Page(string path, RequestDelegate page) => pages[path] = page;

    public void Page(string path, Func<string> html, string tags = "") => pages[path] = http =>
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        if (tags.Length > 0) http.Response.Headers["Cache-Tags"] = tags;
        return http.Response.WriteAsync(html());
    };

    public int CountOf(string path) => counts.GetValueOrDefault(path);

    public void Map(WebApplication app) => app.Run(http =>
    {
        var path = http.Request.Path.Value!;
        counts.AddOrUpdate(path, 1, (_, n) => n + 1);
        Requests.Enqueue((path + http.Request.QueryString, [.. http.Request.Headers]));
        if (pages.TryGetValue(path, out var page)) return page(http);
        http.Response.StatusCode = 404;
        http.Response.ContentType = "text/html";
        return http.Response.WriteAsync("<h1>Not found</h1>");
    });
}
