using Blog.Bff.Cache;
using Blog.Content.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using SeriesClient = Blog.Content.V1.ArticleSeries.ArticleSeriesClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <param name="Current">The article it is asked of.</param>
public sealed record PartLink(string Title, string Url, bool Current);

/// <summary>Where an article stands among those that are read one after the other.</summary>
/// <param name="Number">Of the article, from 1.</param>
/// <param name="Parts">Everything published of it, in order.</param>
public sealed record SeriesNavigation(string Id, string Title, string Url, int Number, IReadOnlyList<PartLink> Parts)
{
    /// <param name="series">As Content has it.</param>
    /// <param name="article">Of which article.</param>
    /// <param name="people">By id: its owner, and the authors of its parts.</param>
    public static SeriesNavigation? From(SeriesPlace? series, string article, IReadOnlyDictionary<string, Author> people)
    {
        if (series is null || !people.TryGetValue(series.OwnerId, out var owner)) return null;
        var parts = series.Parts.Where(part => people.ContainsKey(part.AuthorId)).ToArray();
        return new(
            series.Id, series.Title, Addresses.Series(owner.Handle, series.Slug), Array.FindIndex(parts, part => part.ArticleId == article) + 1,
            [.. parts.Select(part => new PartLink(part.Title, Addresses.Article(people[part.AuthorId].Handle, part.Slug), part.ArticleId == article))]);
    }
}

/// <param name="Parts">Everything published of it, in order.</param>
public sealed record SeriesPage(string Id, string Title, string Description, string Url, Author Owner, DateTime UpdatedAt, IReadOnlyList<ArticleCard> Parts);

/// <summary>Series as readers have them.</summary>
static class SeriesEndpoints
{
    /// <summary>So many articles are asked for at once.</summary>
    const int AtOnce = 100;

    public static void MapSeries(this IEndpointRouteBuilder api) =>
        api.MapGet("/people/{handle}/series/{slug}", Get).WithTags("Series").WithName("getSeries").WithSummary("Stories that are read one after the other.")
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status308PermanentRedirect, typeof(void))).ProducesProblem(StatusCodes.Status404NotFound);

    static async Task<Results<Ok<SeriesPage>, RedirectHttpResult>> Get(
        string handle, string slug, HttpContext http, SeriesClient series, Articles.ArticlesClient articles, UsersClient users, CancellationToken ct)
    {
        var owner = await PeopleEndpoints.FindAsync(handle, http, users, ct);
        http.AddCacheTags(ChangeTags.SeriesOf(owner.Id));
        var found = await series.GetPublishedSeriesAsync(new() { OwnerId = owner.Id, Slug = slug }, cancellationToken: ct);
        var present = found.MovedToSlug.OrNull() ?? slug;
        if (owner.Handle != handle || present != slug) return PeopleEndpoints.Moved($"/api/v1/people/{owner.Handle}/series/{Uri.EscapeDataString(present)}");

        http.AddCacheTags($"series:{found.Series.Id}");
        var cards = new List<ArticleCard>();
        foreach (var ids in found.Series.Parts.Select(part => part.ArticleId).Chunk(AtOnce))
            cards.AddRange(await ArticleEndpoints.CardsAsync(http, articles, users, ids, ct));
        return TypedResults.Ok(new SeriesPage(
            found.Series.Id, found.Series.Title, found.Series.Description, Addresses.Series(owner.Handle, slug), Author.From(owner), found.Series.UpdateTime.Utc(), cards));
    }
}
