using System.Runtime.CompilerServices;
using Blog.Archives.Writing;
using Blog.Bff.Sessions;
using Blog.Content.V1;
using Blog.Interactions.V1;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Bff.Api;

/// <summary>A reading list as it is taken along.</summary>
sealed record ExportedList(string Name, string Description, string Visibility, IReadOnlyList<ExportedListItem> Items);

/// <param name="Address">Of the story; null when it is not published any more.</param>
sealed record ExportedListItem(string? Address, string? Title, string Note);

/// <param name="Story">Its address.</param>
/// <param name="Responses">To it, oldest first.</param>
sealed record ExportedThread(string Story, IReadOnlyList<ExportedResponse> Responses);

/// <param name="By">The name of who wrote it; null when it was deleted, or is not shown.</param>
/// <param name="Profile">Their address.</param>
/// <param name="Html">As readers see it.</param>
/// <param name="Answers">Oldest first.</param>
sealed record ExportedResponse(string? By, string? Profile, DateTime Date, DateTime? Edited, string Html, IReadOnlyList<ExportedResponse> Answers);

/// <summary>Everything a person wrote, to take along. It is made while it is sent, a story at a time; nothing is kept here.</summary>
static class MyExportEndpoints
{
    const int PageSize = 100, ResponsesPage = 50;

    /// <summary>Bytes; the largest picture that can be stored.</summary>
    const int LargestPicture = 21 * 1024 * 1024;

    public static void AddExport(this WebApplicationBuilder builder) =>
        builder.Services.AddHttpClient(nameof(MyExportEndpoints), client =>
        {
            client.BaseAddress = new Uri("http://content");
            client.MaxResponseContentBufferSize = LargestPicture;
        });

    public static void MapMyExport(this IEndpointRouteBuilder me) =>
        me.MapGet("/export.zip", Export).WithTags("My export").WithName("exportMine")
            .WithSummary("My stories and drafts as Markdown with front matter, their pictures, responses to them and my lists as JSON, and a page that lists it all. It can be imported again.")
            .Produces<byte[]>(StatusCodes.Status200OK, "application/zip");

    static async Task<PushStreamHttpResult> Export(
        Articles.ArticlesClient articles, Lists.ListsClient lists, Responses.ResponsesClient responses, IHttpClientFactory clients, CurrentPerson person, Users.V1.Users.UsersClient users, HttpContext http, CancellationToken ct)
    {
        var handle = await person.HandleAsync(ct) ?? "";
        var mine = await MineAsync(articles, ct);
        var pictures = clients.CreateClient(nameof(MyExportEndpoints));
        var published = mine.Where(IsPublished).ToList();
        // Read when it is their turn: a long thread does not keep the first story waiting.
        var others = new Dictionary<string, Func<CancellationToken, Task<object>>>
        {
            ["lists.json"] = async cancel => await ListsAsync(lists, articles, users, cancel),
            ["responses.json"] = async cancel => await ThreadsAsync(published, responses, users, person, cancel),
        };
        // ZipArchive writes the few bytes behind each packed file in no other way.
        http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        return TypedResults.Stream(zip => new ExportWriter(zip, handle, (id, cancel) => PictureAsync(pictures, id, cancel))
            .WriteAsync(published.Select(article => article.PublishedSlug).ToHashSet(), TextsAsync(articles, mine, http.RequestAborted), others, http.RequestAborted), "application/zip", $"{handle}.zip");
    }

    static bool IsPublished(Content.V1.Article article) => article.Status == Content.V1.ArticleStatus.Published;

    static string SlugOf(Content.V1.Article article) => IsPublished(article) ? article.PublishedSlug : article.Content.Slug;

    static async Task<List<Content.V1.Article>> MineAsync(Articles.ArticlesClient articles, CancellationToken ct)
    {
        var mine = new Dictionary<string, Content.V1.Article>(StringComparer.Ordinal);
        var token = "";
        do
        {
            var page = await articles.ListMyArticlesAsync(new() { PageSize = PageSize, PageToken = token }, cancellationToken: ct);
            foreach (var article in page.Articles) mine[article.Id] = article;
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return [.. mine.Values.OrderBy(a => ExportWriter.Order(!IsPublished(a), SlugOf(a), a.Content.Title), StringComparer.Ordinal)];
    }

    static async IAsyncEnumerable<ExportedArticle> TextsAsync(Articles.ArticlesClient articles, List<Content.V1.Article> mine, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var known in mine)
        {
            var article = (await articles.GetArticleAsync(new() { Id = known.Id }, cancellationToken: ct)).Article;
            var content = article.Content;
            yield return new(content.Title, SlugOf(article), content.Description, content.Markdown, IsPublished(article) ? article.FirstPublishTime.ToDateTimeOffset() : null,
                [.. content.Topics], content.CoverMediaId, content.CoverAlt, content.CanonicalUrl, content.Language);
        }
    }

    static async Task<(string, byte[])?> PictureAsync(HttpClient content, Guid id, CancellationToken ct)
    {
        using var answer = await content.GetAsync(new Uri($"/media/{id}", UriKind.Relative), ct);
        return answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType is { } type ? (type, await answer.Content.ReadAsByteArrayAsync(ct)) : null;
    }

    static async Task<List<ExportedThread>> ThreadsAsync(
        List<Content.V1.Article> published, Responses.ResponsesClient responses, Users.V1.Users.UsersClient users, CurrentPerson person, CancellationToken ct)
    {
        var threads = new List<ExportedThread>();
        foreach (var article in published)
        {
            var all = await UnderAsync(responses, article.Id, "", ct);
            if (all.Count == 0) continue;
            var people = new Dictionary<string, Users.V1.Profile>(StringComparer.Ordinal);
            foreach (var ids in all.SelectMany(Flat).Select(response => response.AuthorId).Where(id => id.Length > 0).Distinct().Chunk(PageSize))
                foreach (var profile in (await users.BatchGetProfilesAsync(new() { Ids = { ids } }, cancellationToken: ct)).Profiles)
                    people[profile.Id] = profile;
            threads.Add(new($"/@{await person.HandleOfAsync(article.AuthorId, ct)}/{article.PublishedSlug}", [.. all.Select(response => ToExported(response, people))]));
        }
        return threads;
    }

    static IEnumerable<Response> Flat(Response response) => response.Replies.SelectMany(Flat).Prepend(response);

    /// <summary>All responses to a story, or answers to a response, oldest first, each with all of its answers.</summary>
    static async Task<List<Response>> UnderAsync(Responses.ResponsesClient responses, string article, string parent, CancellationToken ct)
    {
        var under = new List<Response>();
        var token = "";
        do
        {
            var page = await responses.ListResponsesAsync(new() { ArticleId = article, ParentId = parent, Sort = ResponseSort.Newest, PageSize = ResponsesPage, PageToken = token, Personal = true }, cancellationToken: ct);
            under.AddRange(page.Responses);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        foreach (var response in under.Where(response => response.ReplyCount > 0))
        {
            var answers = await UnderAsync(responses, article, response.Id, ct);
            response.Replies.Clear();
            response.Replies.AddRange(answers);
        }
        return [.. under.OrderBy(response => response.CreateTime.ToDateTimeOffset())];
    }

    static ExportedResponse ToExported(Response response, Dictionary<string, Users.V1.Profile> people)
    {
        var by = people.GetValueOrDefault(response.AuthorId);
        return new(by?.Name, by is null ? null : $"/@{by.Handle}", response.CreateTime.Utc(), response.EditTime.UtcOrNull(), response.Html, [.. response.Replies.Select(answer => ToExported(answer, people))]);
    }

    static async Task<List<ExportedList>> ListsAsync(Lists.ListsClient lists, Articles.ArticlesClient articles, Users.V1.Users.UsersClient users, CancellationToken ct)
    {
        var exported = new List<ExportedList>();
        var token = "";
        do
        {
            var page = await lists.ListReadingListsAsync(new() { PageSize = PageSize, PageToken = token }, cancellationToken: ct);
            foreach (var list in page.Lists)
                exported.Add(new(list.Name, list.Description, list.Visibility switch { Interactions.V1.ListVisibility.Public => "public", Interactions.V1.ListVisibility.Link => "link", _ => "private" }, await ItemsAsync(list.Id, lists, articles, users, ct)));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return exported;
    }

    static async Task<List<ExportedListItem>> ItemsAsync(string list, Lists.ListsClient lists, Articles.ArticlesClient articles, Users.V1.Users.UsersClient users, CancellationToken ct)
    {
        var items = new List<ExportedListItem>();
        var token = "";
        do
        {
            var page = await lists.ListReadingListItemsAsync(new() { ListId = list, PageSize = PageSize, PageToken = token }, cancellationToken: ct);
            var known = page.Items.Count == 0 ? [] : (await articles.BatchGetPublishedArticlesAsync(new() { Ids = { page.Items.Select(item => item.ArticleId) } }, cancellationToken: ct)).Articles.ToDictionary(a => a.Id);
            var authors = known.Count == 0 ? [] : (await users.BatchGetProfilesAsync(new() { Ids = { known.Values.Select(a => a.AuthorId).Distinct() } }, cancellationToken: ct)).Profiles.ToDictionary(p => p.Id, p => p.Handle);
            items.AddRange(page.Items.Select(item => known.TryGetValue(item.ArticleId, out var article)
                ? new ExportedListItem($"/@{authors.GetValueOrDefault(article.AuthorId)}/{article.Slug}", article.Title, item.Note)
                : new(null, null, item.Note)));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return items;
    }
}
