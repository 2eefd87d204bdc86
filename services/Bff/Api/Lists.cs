using System.Text.Json.Serialization;
using Blog.Bff.Cache;
using Blog.Bff.Sessions;
using Blog.Content.V1;
using Blog.Interactions.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

[JsonConverter(typeof(JsonStringEnumConverter<ListVisibility>))]
public enum ListVisibility
{
    [JsonStringEnumMemberName("private")] Private = 1,
    [JsonStringEnumMemberName("link")] Link = 2,
    [JsonStringEnumMemberName("public")] Public = 3,
}

/// <param name="Url">Where others find it: its public page, or the secret link; null while it is private.</param>
/// <param name="Revision">Counts changes of name, description, visibility and order.</param>
public sealed record MyReadingList(
    string Id, string Name, string Description, ListVisibility Visibility, bool IsDefault, string? Url, long Revision, int ItemCount,
    DateTime CreatedAt, DateTime UpdatedAt)
{
    /// <param name="list">As Interactions has it.</param>
    /// <param name="handle">Of its owner; unknown: no public address.</param>
    public static MyReadingList From(ReadingList list, string? handle) => new(
        list.Id, list.Name, list.Description, (ListVisibility)list.Visibility, list.IsDefault,
        list.Visibility switch
        {
            Interactions.V1.ListVisibility.Link => Addresses.ListLink(list.LinkToken),
            Interactions.V1.ListVisibility.Public when handle is not null => Addresses.List(handle, list.Slug),
            _ => null,
        },
        list.Revision, list.ItemCount, list.CreateTime.Utc(), list.UpdateTime.Utc());
}

public sealed record MyReadingLists(IReadOnlyList<MyReadingList> Items, string? NextPageToken);

/// <param name="Progress">How far I have read, 0 to 1; null where nothing is known.</param>
/// <param name="FinishedAt">When I read it to the end.</param>
/// <param name="Article">Null: it is not published (any more), or elsewhere.</param>
/// <param name="Elsewhere">It came with an imported list, and its story is on another site.</param>
public sealed record MyListItem(string ArticleId, string Note, DateTime AddedAt, long Revision, double? Progress, DateTime? FinishedAt, ArticleCard? Article, StoryElsewhere? Elsewhere)
{
    public static MyListItem From(ReadingListItem item, ArticleCard? article) => new(
        item.ArticleId, item.Note, item.AddTime.Utc(), item.Revision, item.Progress?.Fraction, item.Progress?.FinishTime.UtcOrNull(), article,
        item.Elsewhere is { } story ? new(story.Title.OrNull(), story.Address.OrNull()) : null);
}

/// <summary>What is known of a story on another site.</summary>
/// <param name="Url">Absolute; as an archive said, so nobody has looked at what is there.</param>
public sealed record StoryElsewhere(string? Title, string? Url);

public sealed record MyListItems(MyReadingList List, IReadOnlyList<MyListItem> Items, string? NextPageToken);

public sealed record CreateListInput(string Name, string Description = "", ListVisibility Visibility = ListVisibility.Private);

/// <summary>What is left out (or null) stays as it is.</summary>
public sealed record UpdateListInput(long Revision, string? Name = null, string? Description = null, ListVisibility? Visibility = null);

/// <param name="After">The item it goes behind; left out: the top.</param>
public sealed record AddListItemInput(string Note = "", string? After = null);

/// <param name="Added">False: it was there already.</param>
public sealed record AddedListItem(MyReadingList List, MyListItem Item, bool Added);

public sealed record NoteInput(string Note, long Revision);

/// <param name="After">The item it goes behind; left out: the top.</param>
/// <param name="Revision">Of the list.</param>
public sealed record MoveListItemInput(long Revision, string? After = null);

/// <summary>What is needed to put the item back.</summary>
public sealed record RemovedListItem(MyReadingList List, string Note, string? After);

public sealed record SavedArticle(string ArticleId, IReadOnlyList<string> ListIds);

public sealed record SavedArticles(IReadOnlyList<SavedArticle> Items);

/// <summary>The order as it is stored: of the first 100 items.</summary>
public sealed record ListOrder(long Revision, IReadOnlyList<string> ArticleIds);

/// <param name="Url">Of its public page; null for one that is shared by link.</param>
public sealed record SharedList(string Id, string Name, string Description, int ItemCount, DateTime UpdatedAt, string? Url, Author Owner)
{
    public static SharedList From(ReadingList list, Author owner, bool hasPage) => new(
        list.Id, list.Name, list.Description, list.ItemCount, list.UpdateTime.Utc(), hasPage ? Addresses.List(owner.Handle, list.Slug) : null, owner);
}

public sealed record SharedLists(IReadOnlyList<SharedList> Items, string? NextPageToken);

public sealed record SharedListItem(string Note, DateTime AddedAt, ArticleCard Article);

public sealed record SharedListPage(SharedList List, IReadOnlyList<SharedListItem> Items, string? NextPageToken);

/// <summary>Reading lists: what I keep, and what others show.</summary>
static class ListEndpoints
{
    public static void MapLists(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Lists").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        var moved = new ProducesResponseTypeMetadata(StatusCodes.Status308PermanentRedirect, typeof(void));
        group.MapGet("/people/{handle}/lists", ListPublic).WithName("listPersonLists").WithSummary("The public lists of a person, last changed first.").WithMetadata(moved);
        group.MapGet("/people/{handle}/lists/{slug}", GetPublic).WithName("getPersonList").WithSummary("A public list and what is on it.").WithMetadata(moved);
        group.MapGet("/lists/{token}", GetByLink).WithName("getListByLink").WithSummary("A list that is shared by link.");
    }

    public static void MapMyLists(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("").WithTags("My lists").AddEndpointFilter(OthersSeeIt)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        var conflict = new ProducesResponseTypeMetadata(StatusCodes.Status409Conflict, typeof(ListConflict), [ProblemJson.ContentType]);

        group.MapGet("/lists", List).WithName("listMyLists").WithSummary("My lists, the Reading list first.");
        group.MapPost("/lists", Create).WithName("createMyList").WithSummary("A new list; repeated with the same Idempotency-Key it is the same list.").WithMetadata(conflict);
        group.MapGet("/lists/{id}", Get).WithName("getMyList").WithSummary("One list without what is on it.");
        group.MapPatch("/lists/{id}", Update).WithName("updateMyList").WithSummary("Renames, describes, shares a list or stops sharing it.").WithMetadata(conflict);
        group.MapDelete("/lists/{id}", Delete).WithName("deleteMyList").WithSummary("Deletes a list; it can be brought back for 30 days.").WithMetadata(conflict);
        group.MapPost("/lists/{id}/restore", Restore).WithName("restoreMyList").WithSummary("Brings a deleted list back.").WithMetadata(conflict);
        group.MapPost("/lists/{id}/link", Rotate).WithName("renewMyListLink").WithSummary("A new link; the one that was shared is dead.").WithMetadata(conflict);

        group.MapGet("/lists/{id}/items", ListItems).WithName("listMyListItems").WithSummary("What is on a list, in my order, with how far I have read.");
        group.MapPut("/lists/{id}/items/{articleId}", Add).WithName("addMyListItem").WithSummary("Puts an article on a list; one that is there stays as it is.").WithMetadata(conflict);
        group.MapPatch("/lists/{id}/items/{articleId}", Note).WithName("updateMyListItem").WithSummary("Changes the note.").WithMetadata(conflict);
        group.MapPost("/lists/{id}/items/{articleId}/move", Move).WithName("moveMyListItem").WithSummary("Moves an item behind another or to the top.").WithMetadata(conflict);
        group.MapDelete("/lists/{id}/items/{articleId}", Remove).WithName("removeMyListItem").WithSummary("Takes an article off a list.");

        group.MapGet("/saved", Saved).WithName("listMySaved").WithSummary("On which of my lists these articles are: ids separated by commas, at most 100. Those on none are left out.");
        group.MapPut("/saved/{articleId}", Save).WithName("saveArticle").WithSummary("Puts an article on my Reading list.").WithMetadata(conflict);
        group.MapDelete("/saved/{articleId}", Unsave).WithName("unsaveArticle").WithSummary("Takes an article off my Reading list.");
    }

    /// <summary>My own instance shows a change of mine at once; the others follow by event.</summary>
    static async ValueTask<object?> OthersSeeIt(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var answer = await next(call);
        var http = call.HttpContext;
        if (!HttpMethods.IsGet(http.Request.Method))
            http.RequestServices.GetRequiredService<PageCache>().ListsChanged(http.RequestServices.GetRequiredService<CurrentPerson>().Id);
        return answer;
    }

    static async Task<Ok<MyReadingLists>> List(Lists.ListsClient lists, CurrentPerson person, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var page = await lists.ListReadingListsAsync(new() { PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var handle = await person.HandleAsync(ct);
        return TypedResults.Ok(new MyReadingLists([.. page.Lists.Select(list => MyReadingList.From(list, handle))], page.NextPageToken.OrNull()));
    }

    static async Task<Created<MyReadingList>> Create(CreateListInput input, Lists.ListsClient lists, CurrentPerson person, CancellationToken ct)
    {
        var answer = await lists.CreateReadingListAsync(
            new() { Name = input.Name, Description = input.Description, Visibility = (Interactions.V1.ListVisibility)input.Visibility }, cancellationToken: ct);
        return TypedResults.Created($"/api/v1/me/lists/{answer.List.Id}", MyReadingList.From(answer.List, await person.HandleAsync(ct)));
    }

    static async Task<Ok<MyReadingList>> Get(Guid id, Lists.ListsClient lists, CurrentPerson person, CancellationToken ct) =>
        TypedResults.Ok(MyReadingList.From((await lists.GetReadingListAsync(new() { Id = id.ToString() }, cancellationToken: ct)).List, await person.HandleAsync(ct)));

    static async Task<Ok<MyReadingList>> Update(Guid id, UpdateListInput input, Lists.ListsClient lists, CurrentPerson person, CancellationToken ct)
    {
        var request = new UpdateReadingListRequest { List = new() { Id = id.ToString() }, UpdateMask = new(), ExpectedRevision = input.Revision };
        var (list, mask) = (request.List, request.UpdateMask.Paths);
        if (input.Name is { } name) { list.Name = name; mask.Add("name"); }
        if (input.Description is { } description) { list.Description = description; mask.Add("description"); }
        if (input.Visibility is { } visibility) { list.Visibility = (Interactions.V1.ListVisibility)visibility; mask.Add("visibility"); }
        return TypedResults.Ok(MyReadingList.From((await lists.UpdateReadingListAsync(request, cancellationToken: ct)).List, await person.HandleAsync(ct)));
    }

    static async Task<NoContent> Delete(Guid id, Lists.ListsClient lists, CancellationToken ct)
    {
        await lists.DeleteReadingListAsync(new() { Id = id.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<Ok<MyReadingList>> Restore(Guid id, Lists.ListsClient lists, CurrentPerson person, CancellationToken ct) =>
        TypedResults.Ok(MyReadingList.From((await lists.UndeleteReadingListAsync(new() { Id = id.ToString() }, cancellationToken: ct)).List, await person.HandleAsync(ct)));

    static async Task<Ok<MyReadingList>> Rotate(Guid id, Lists.ListsClient lists, CurrentPerson person, CancellationToken ct) =>
        TypedResults.Ok(MyReadingList.From((await lists.RotateReadingListLinkAsync(new() { Id = id.ToString() }, cancellationToken: ct)).List, await person.HandleAsync(ct)));

    static async Task<Ok<MyListItems>> ListItems(
        Guid id, HttpContext http, Lists.ListsClient lists, Articles.ArticlesClient articles, UsersClient users, CurrentPerson person, CancellationToken ct,
        string? pageToken = null, int? pageSize = null)
    {
        var page = await lists.ListReadingListItemsAsync(new() { ListId = id.ToString(), PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var cards = await CardsByIdAsync(http, articles, users, page.Items.Select(item => item.ArticleId), ct);
        return TypedResults.Ok(new MyListItems(
            MyReadingList.From(page.List, await person.HandleAsync(ct)),
            [.. page.Items.Select(item => MyListItem.From(item, cards.GetValueOrDefault(item.ArticleId)))], page.NextPageToken.OrNull()));
    }

    static Task<Ok<AddedListItem>> Add(
        Guid id, Guid articleId, AddListItemInput input, HttpContext http, Lists.ListsClient lists, Articles.ArticlesClient articles, UsersClient users, CurrentPerson person, CancellationToken ct) =>
        AddAsync(new() { ListId = id.ToString(), ArticleId = articleId.ToString(), Note = input.Note, AfterArticleId = input.After ?? "" }, http, lists, articles, users, person, ct);

    static Task<Ok<AddedListItem>> Save(
        Guid articleId, HttpContext http, Lists.ListsClient lists, Articles.ArticlesClient articles, UsersClient users, CurrentPerson person, CancellationToken ct) =>
        AddAsync(new() { ArticleId = articleId.ToString() }, http, lists, articles, users, person, ct);

    static async Task<Ok<AddedListItem>> AddAsync(
        AddReadingListItemRequest request, HttpContext http, Lists.ListsClient lists, Articles.ArticlesClient articles, UsersClient users, CurrentPerson person, CancellationToken ct)
    {
        var answer = await lists.AddReadingListItemAsync(request, cancellationToken: ct);
        var cards = await CardsByIdAsync(http, articles, users, [answer.Item.ArticleId], ct);
        return TypedResults.Ok(new AddedListItem(
            MyReadingList.From(answer.List, await person.HandleAsync(ct)), MyListItem.From(answer.Item, cards.GetValueOrDefault(answer.Item.ArticleId)), answer.Added));
    }

    static async Task<Ok<MyListItem>> Note(
        Guid id, Guid articleId, NoteInput input, HttpContext http, Lists.ListsClient lists, Articles.ArticlesClient articles, UsersClient users, CancellationToken ct)
    {
        var answer = await lists.UpdateReadingListItemAsync(
            new() { ListId = id.ToString(), ArticleId = articleId.ToString(), Note = input.Note, ExpectedRevision = input.Revision }, cancellationToken: ct);
        var cards = await CardsByIdAsync(http, articles, users, [answer.Item.ArticleId], ct);
        return TypedResults.Ok(MyListItem.From(answer.Item, cards.GetValueOrDefault(answer.Item.ArticleId)));
    }

    static async Task<Ok<MyReadingList>> Move(Guid id, Guid articleId, MoveListItemInput input, Lists.ListsClient lists, CurrentPerson person, CancellationToken ct)
    {
        var answer = await lists.MoveReadingListItemAsync(
            new() { ListId = id.ToString(), ArticleId = articleId.ToString(), AfterArticleId = input.After ?? "", ExpectedRevision = input.Revision }, cancellationToken: ct);
        return TypedResults.Ok(MyReadingList.From(answer.List, await person.HandleAsync(ct)));
    }

    static Task<Ok<RemovedListItem>> Remove(Guid id, Guid articleId, Lists.ListsClient lists, CurrentPerson person, CancellationToken ct) =>
        RemoveAsync(new() { ListId = id.ToString(), ArticleId = articleId.ToString() }, lists, person, ct);

    static Task<Ok<RemovedListItem>> Unsave(Guid articleId, Lists.ListsClient lists, CurrentPerson person, CancellationToken ct) =>
        RemoveAsync(new() { ArticleId = articleId.ToString() }, lists, person, ct);

    static async Task<Ok<RemovedListItem>> RemoveAsync(RemoveReadingListItemRequest request, Lists.ListsClient lists, CurrentPerson person, CancellationToken ct)
    {
        var answer = await lists.RemoveReadingListItemAsync(request, cancellationToken: ct);
        return TypedResults.Ok(new RemovedListItem(MyReadingList.From(answer.List, await person.HandleAsync(ct)), answer.Item?.Note ?? "", answer.AfterArticleId.OrNull()));
    }

    static async Task<Ok<SavedArticles>> Saved(Lists.ListsClient lists, CancellationToken ct, string ids = "")
    {
        var wanted = ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var answer = await lists.BatchGetSavedAsync(new() { ArticleIds = { wanted } }, cancellationToken: ct);
        return TypedResults.Ok(new SavedArticles([.. answer.Saved.Select(saved => new SavedArticle(saved.ArticleId, [.. saved.ListIds]))]));
    }

    static async Task<Results<Ok<SharedLists>, RedirectHttpResult>> ListPublic(
        string handle, HttpContext http, UsersClient users, Lists.ListsClient lists, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var owner = await PeopleEndpoints.FindAsync(handle, http, users, ct);
        http.AddCacheTags(ChangeTags.ListsOf(owner.Id));
        if (owner.Handle != handle) return PeopleEndpoints.Moved($"/api/v1/people/{owner.Handle}/lists{http.Request.QueryString}");
        var page = await lists.ListPublicReadingListsAsync(new() { OwnerId = owner.Id, PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        return TypedResults.Ok(new SharedLists([.. page.Lists.Select(list => SharedList.From(list, Author.From(owner), hasPage: true))], page.NextPageToken.OrNull()));
    }

    static async Task<Results<Ok<SharedListPage>, RedirectHttpResult>> GetPublic(
        string handle, string slug, HttpContext http, UsersClient users, Lists.ListsClient lists, Articles.ArticlesClient articles, CancellationToken ct,
        string? pageToken = null, int? pageSize = null)
    {
        var owner = await PeopleEndpoints.FindAsync(handle, http, users, ct);
        http.AddCacheTags(ChangeTags.ListsOf(owner.Id));
        var page = await lists.GetSharedReadingListAsync(
            new() { Name = new() { OwnerId = owner.Id, Slug = slug }, PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var present = page.MovedToSlug.OrNull() ?? slug;
        if (owner.Handle != handle || present != slug) return PeopleEndpoints.Moved($"/api/v1/people/{owner.Handle}/lists/{Uri.EscapeDataString(present)}");
        return TypedResults.Ok(await PageOf(page, Author.From(owner), hasPage: true, http, users, articles, ct));
    }

    static async Task<Ok<SharedListPage>> GetByLink(
        string token, HttpContext http, UsersClient users, Lists.ListsClient lists, Articles.ArticlesClient articles, CancellationToken ct,
        string? pageToken = null, int? pageSize = null)
    {
        // Whoever has the link may read, nobody may keep: the owner can end it at any time.
        http.Response.Headers.CacheControl = "no-store";
        var page = await lists.GetSharedReadingListAsync(new() { LinkToken = token, PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var owner = (await users.GetProfileAsync(new() { Id = page.List.OwnerId }, cancellationToken: ct)).Profile;
        return TypedResults.Ok(await PageOf(page, Author.From(owner), hasPage: false, http, users, articles, ct));
    }

    static async Task<SharedListPage> PageOf(
        GetSharedReadingListResponse page, Author owner, bool hasPage, HttpContext http, UsersClient users, Articles.ArticlesClient articles, CancellationToken ct)
    {
        var cards = await CardsByIdAsync(http, articles, users, page.Items.Select(item => item.ArticleId), ct);
        return new(
            SharedList.From(page.List, owner, hasPage),
            [.. page.Items.Where(item => cards.ContainsKey(item.ArticleId)).Select(item => new SharedListItem(item.Note, item.AddTime.Utc(), cards[item.ArticleId]))],
            page.NextPageToken.OrNull());
    }

    /// <summary>Cards by article; what is not published has none.</summary>
    internal static async Task<Dictionary<string, ArticleCard>> CardsByIdAsync(
        HttpContext http, Articles.ArticlesClient articles, UsersClient users, IEnumerable<string> ids, CancellationToken ct) =>
        (await ArticleEndpoints.CardsAsync(http, articles, users, [.. ids], ct)).ToDictionary(card => card.Id);
}
