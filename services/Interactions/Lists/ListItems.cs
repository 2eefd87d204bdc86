using System.Globalization;
using Blog.Interactions.History;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Lists;

partial class ListsService
{
    const int MaxBatch = 100;

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListReadingListItemsResponse> ListReadingListItems(V1.ListReadingListItemsRequest request, ServerCallContext context)
    {
        var (owner, size, cancel) = (Owner(context), PageToken.Size(request.PageSize), context.CancellationToken);
        var list = await MineAsync(owner, request.ListId, cancel);
        var page = await From(request.PageToken, ItemsOf(list).AsNoTracking()).Take(size + 1).ToListAsync(cancel);

        var ids = page.Select(item => item.ArticleId).ToArray();
        var readings = await db.Set<Reading>().AsNoTracking().Where(reading => reading.PersonId == owner && ids.Contains(reading.ArticleId)).ToDictionaryAsync(reading => reading.ArticleId, cancel);
        var response = new V1.ListReadingListItemsResponse { List = ToMessage(list), NextPageToken = NextOf(page, size) };
        foreach (var item in page.Take(size))
        {
            var message = ToMessage(item);
            if (readings.TryGetValue(item.ArticleId, out var reading))
                message.Progress = new V1.ReadingProgress { Fraction = reading.Fraction, FinishTime = reading.FinishTime is { } finished ? Timestamp.FromDateTimeOffset(finished) : null };
            response.Items.Add(message);
        }
        return response;
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.BatchGetSavedResponse> BatchGetSaved(V1.BatchGetSavedRequest request, ServerCallContext context)
    {
        if (request.ArticleIds.Count > MaxBatch)
            throw RpcErrors.InvalidArgument(("article_ids", $"Ask for at most {MaxBatch} articles at a time."));
        var owner = Owner(context);
        var ids = request.ArticleIds.Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty).Distinct().ToArray();
        var saved = await SavedAsync(db, owner, ids, context.CancellationToken);
        return new V1.BatchGetSavedResponse
        {
            Saved = { saved.Select(article => new V1.Saved { ArticleId = article.Key.ToString(), ListIds = { article.Select(id => id.ToString()) } }) },
        };
    }

    /// <summary>The lists of a person on which each of these articles is.</summary>
    internal static async Task<ILookup<Guid, Guid>> SavedAsync(DbContext db, Guid owner, Guid[] articleIds, CancellationToken cancel) =>
        (await db.Set<ReadingListItem>()
            .Where(item => item.OwnerId == owner && articleIds.Contains(item.ArticleId))
            .Join(db.Set<ReadingList>().Where(list => list.OwnerId == owner && list.DeleteTime == null), item => item.ListId, list => list.Id, (item, list) => new { item.ArticleId, list.Id, list.CreateTime })
            .OrderBy(saved => saved.CreateTime)
            .ToListAsync(cancel))
        .ToLookup(saved => saved.ArticleId, saved => saved.Id);

    /// <summary>From where the token says, in order. The token is the position of the last item of the page before.</summary>
    static IQueryable<ReadingListItem> From(string pageToken, IQueryable<ReadingListItem> items)
    {
        if (pageToken.Length > 0)
        {
            if (!long.TryParse(pageToken, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var position))
                throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
            items = items.Where(item => item.Position > position);
        }
        return items.OrderBy(item => item.Position);
    }

    static string NextOf(List<ReadingListItem> page, int size) =>
        page.Count > size ? page[size - 1].Position.ToString(CultureInfo.InvariantCulture) : "";
}
