using Blog.Interactions.Articles;
using Blog.Interactions.Claps;
using Blog.ServiceDefaults.ReadModels;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Responses;

/// <summary>Who looks at a thread.</summary>
/// <param name="Person">Null: anybody.</param>
/// <param name="Unseen">People whose responses are left out.</param>
sealed record Viewer(Guid? Person, Guid[] Unseen)
{
    public static readonly Viewer Anybody = new(null, []);

    /// <summary>Somebody who is shown one response they have just acted on: nobody is left out.</summary>
    public static Viewer Of(Guid person) => new(person, []);

    /// <summary>Hidden words are for the one who wrote them and the one who hid them.</summary>
    public bool MayRead(Response response, KnownArticle article) =>
        response.State == ResponseState.Visible || (response.State == ResponseState.Hidden && Person is { } me && (me == response.AuthorId || me == article.AuthorId));
}

partial class ResponsesService
{
    /// <summary>How many answers come along with what they answer, by how far down they stand.</summary>
    static readonly int[] FirstAnswers = [0, 3, 2];

    async Task<Viewer> ViewerAsync(bool personal, ServerCallContext context)
    {
        if (!personal) return Viewer.Anybody;
        return context.GetHttpContext().User.PersonId() is { } me
            ? new(me, await db.HiddenFrom(me).ToArrayAsync(context.CancellationToken))
            : throw RpcErrors.Create(StatusCode.Unauthenticated, "Sign in first.", "UNAUTHENTICATED");
    }

    /// <summary>What this viewer finds in the article's threads.</summary>
    IQueryable<Response> SeenBy(Viewer viewer, KnownArticle article)
    {
        var (me, unseen) = (viewer.Person, viewer.Unseen);
        var responses = db.Set<Response>().AsNoTracking().Where(r => r.ArticleId == article.ArticleId);
        if (unseen.Length > 0) responses = responses.Where(r => !unseen.Contains(r.AuthorId));
        return me is null ? responses.Where(r => r.Listed)
            : me == article.AuthorId ? responses.Where(r => r.Listed || r.State == ResponseState.Hidden)
            : responses.Where(r => r.Listed || (r.State == ResponseState.Hidden && r.AuthorId == me));
    }

    async Task<V1.Response> ViewAsync(KnownArticle article, Guid id, Viewer viewer, CancellationToken cancel)
    {
        var response = await db.Set<Response>().AsNoTracking().SingleAsync(r => r.ArticleId == article.ArticleId && r.Id == id, cancel);
        return (await ViewAsync(article, [response], viewer, cancel, answers: false)).Single();
    }

    /// <summary>These responses as the viewer sees them, each with its first answers: a few statements, however many they are.</summary>
    async Task<List<V1.Response>> ViewAsync(KnownArticle article, IReadOnlyList<Response> responses, Viewer viewer, CancellationToken cancel, bool answers = true)
    {
        var all = new List<Response>(responses);
        var under = new Dictionary<Guid, (List<Response> First, bool More)>();
        var level = responses;
        while (answers && level.Where(r => r.Replies > 0 || viewer.Person is not null).Select(r => r.Depth).DefaultIfEmpty(Response.Levels).Min() < Response.Levels - 1)
        {
            level = await FirstAnswersAsync(article, level, viewer, under, cancel);
            all.AddRange(level);
        }

        var ids = all.Select(r => r.Id).ToArray();
        var claps = await db.Set<ClapTotal>().Where(t => ids.Contains(t.SubjectId)).GroupBy(t => t.SubjectId).Select(g => new { g.Key, Claps = g.Sum(t => t.Claps) }).ToDictionaryAsync(t => t.Key, t => t.Claps, cancel);
        var mine = viewer.Person is { } me
            ? await db.Set<Clap>().Where(c => c.PersonId == me && ids.Contains(c.SubjectId)).ToDictionaryAsync(c => c.SubjectId, c => (int)c.Count, cancel)
            : [];
        // Beside what it answers, an answer says whom it answers, as long as that can be seen.
        var beside = all.Where(r => r.ParentId != r.UnderId).Select(r => r.ParentId!.Value).Distinct().ToArray();
        var answered = beside.Length == 0 ? [] : await SeenBy(viewer, article).Where(r => beside.Contains(r.Id) && r.State == ResponseState.Visible).Select(r => r.Id).ToListAsync(cancel);
        return [.. responses.Select(View)];

        V1.Response View(Response response)
        {
            var view = ToMessage(response, viewer.MayRead(response, article), viewer.Person == response.AuthorId);
            view.Claps = claps.GetValueOrDefault(response.Id);
            view.MyClaps = mine.GetValueOrDefault(response.Id);
            if (response.ParentId is { } parent && answered.Contains(parent)) view.ParentAuthorId = response.ParentAuthorId?.ToString() ?? "";
            if (under.TryGetValue(response.Id, out var replies))
            {
                view.Replies.AddRange(replies.First.Select(View));
                if (replies.More) view.NextRepliesToken = Next(replies.First[^1]);
            }
            return view;
        }
    }

    static string Next(Response last) => new PageToken(last.CreatedAt, last.Id).ToString();

    async Task<List<Response>> FirstAnswersAsync(
        KnownArticle article, IReadOnlyList<Response> level, Viewer viewer, Dictionary<Guid, (List<Response> First, bool More)> under, CancellationToken cancel)
    {
        var parents = level.Where(r => r.Depth < Response.Levels - 1).Select(r => r.Id).ToArray();
        var most = FirstAnswers[level[0].Depth + 1];
        // Those who are not signed in have written nothing, and least of all what came in without an author.
        var (me, isSomebody, readsHidden) = (viewer.Person ?? Guid.Empty, viewer.Person is not null, viewer.Person == article.AuthorId);
        // As SeenBy; written out because a few of each are then read from the index, where LINQ would number all answers of the article.
        var found = await db.Set<Response>().FromSql($"""
            select answer.* from unnest({parents}) as parent (id) cross join lateral (
                select * from response
                where article_id = {article.ArticleId} and under_id = parent.id and not author_id = any ({viewer.Unseen})
                    and (listed or (state = {(short)ResponseState.Hidden} and ({readsHidden} or ({isSomebody} and author_id = {me}))))
                order by created_at, id limit {most + 1}) answer
            """).AsNoTracking().ToListAsync(cancel);
        var shown = new List<Response>();
        foreach (var answers in found.GroupBy(r => r.UnderId!.Value))
        {
            var first = answers.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Take(most).ToList();
            under[answers.Key] = (first, answers.Count() > most);
            shown.AddRange(first);
        }
        return shown;
    }

    static V1.Response ToMessage(Response response, bool mayRead, bool isOwn) => new()
    {
        Id = response.Id.ToString(),
        ArticleId = response.ArticleId.ToString(),
        ParentId = response.ParentId?.ToString() ?? "",
        Depth = response.Depth,
        UnderId = response.UnderId?.ToString() ?? "",
        State = (V1.ResponseState)response.State,
        AuthorId = mayRead ? response.AuthorHere?.ToString() ?? "" : "",
        AuthorName = mayRead ? response.AuthorName : "",
        Html = mayRead ? response.Html : "",
        Markdown = mayRead && isOwn ? response.Markdown : "",
        CreateTime = Timestamp.FromDateTimeOffset(response.CreatedAt),
        EditTime = mayRead && response.EditedAt is { } edited ? Timestamp.FromDateTimeOffset(edited) : null,
        Revision = response.Revision,
        ReplyCount = response.Replies,
    };
}
