using Blog.Bff.Cache;
using Blog.Bff.Sessions;
using Blog.Content.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using SeriesClient = Blog.Content.V1.ArticleSeries.ArticleSeriesClient;

namespace Blog.Bff.Api;

/// <param name="Title">Of the working copy; may be empty.</param>
public sealed record MySeriesPart(string ArticleId, string Title, ArticleStatus Status);

/// <param name="Url">Where readers find it, as soon as something of it is published.</param>
/// <param name="Parts">In order.</param>
public sealed record MySeries(string Id, string Title, string Description, string? Url, long Revision, IReadOnlyList<MySeriesPart> Parts)
{
    /// <param name="series">As Content has it.</param>
    /// <param name="handle">Of its owner; unknown: no address.</param>
    public static MySeries From(Series series, string? handle) => new(
        series.Id, series.Title, series.Description,
        handle is not null && series.Parts.Any(part => part.Status == Content.V1.ArticleStatus.Published) ? Addresses.Series(handle, series.Slug) : null,
        series.Revision, [.. series.Parts.Select(part => new MySeriesPart(part.ArticleId, part.Title, MyArticle.StatusFrom(part.Status)))]);
}

public sealed record MySeriesList(IReadOnlyList<MySeries> Items);

public sealed record NewSeriesInput(string Title);

/// <param name="ArticleIds">In the order wanted; what is left out leaves the series.</param>
/// <param name="Revision">That was seen.</param>
public sealed record SeriesInput(string Title, string Description, IReadOnlyList<string> ArticleIds, long Revision);

/// <param name="SeriesId">Null: in none.</param>
public sealed record SeriesChoice(string? SeriesId);

/// <summary>My series: made where one writes, put in order among my stories.</summary>
static class MySeriesEndpoints
{
    public static void MapMySeries(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/series").WithTags("My series");
        group.MapGet("", List).WithName("listMySeries").WithSummary("My series with all their parts, the one changed last first.");
        group.MapPost("", Create).WithName("createSeries").WithSummary("A new, empty series.").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        var one = group.MapGroup("/{id}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapPut("", Update).WithName("updateSeries").WithSummary("Its name, description and order.").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        one.MapDelete("", Delete).WithName("deleteSeries").WithSummary("The series ends; its stories stay.");
        me.MapPut("/articles/{id}/series", Put).WithTags("My series").WithName("putIntoSeries").WithSummary("Puts one of my stories at the end of a series, or takes it out.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    static async Task<Ok<MySeriesList>> List(SeriesClient series, CurrentPerson person, CancellationToken ct)
    {
        var handle = await person.HandleAsync(ct);
        return TypedResults.Ok(new MySeriesList([.. (await series.ListMySeriesAsync(new(), cancellationToken: ct)).Series.Select(each => MySeries.From(each, handle))]));
    }

    static async Task<Ok<MySeries>> Create(NewSeriesInput input, SeriesClient series, CurrentPerson person, CancellationToken ct) =>
        TypedResults.Ok(MySeries.From((await series.CreateSeriesAsync(new() { Title = input.Title }, cancellationToken: ct)).Series, await person.HandleAsync(ct)));

    static async Task<Ok<MySeries>> Update(Guid id, SeriesInput input, SeriesClient series, CurrentPerson person, PageCache cache, CancellationToken ct)
    {
        var answer = await series.UpdateSeriesAsync(
            new() { Id = id.ToString(), Title = input.Title, Description = input.Description, ArticleIds = { input.ArticleIds }, ExpectedRevision = input.Revision }, cancellationToken: ct);
        cache.SeriesChanged(id.ToString(), person.Id, []);
        return TypedResults.Ok(MySeries.From(answer.Series, await person.HandleAsync(ct)));
    }

    static async Task<NoContent> Delete(Guid id, SeriesClient series, CurrentPerson person, PageCache cache, CancellationToken ct)
    {
        var ended = await series.DeleteSeriesAsync(new() { Id = id.ToString() }, cancellationToken: ct);
        cache.SeriesChanged(id.ToString(), person.Id, ended.ArticleIds);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> Put(Guid id, SeriesChoice choice, SeriesClient series, CurrentPerson person, PageCache cache, CancellationToken ct)
    {
        var answer = await series.PutIntoSeriesAsync(new() { ArticleId = id.ToString(), SeriesId = choice.SeriesId ?? "" }, cancellationToken: ct);
        foreach (var changed in (string[])[answer.Series?.Id ?? "", answer.FormerSeriesId])
            if (changed.Length > 0) cache.SeriesChanged(changed, person.Id, [id.ToString()]);
        return TypedResults.NoContent();
    }
}
