using System.Text.Json;
using Blog.Content.Data;
using Blog.Content.Links;
using Blog.Content.Revisions;
using Blog.Content.Text;
using Blog.Events.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Content.Articles;

/// <summary>blog.content.v1.Articles. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class ArticlesService(ContentDbContext db, ArticleRendering rendering, RevisionLog revisions, LinkCards links, TimeProvider time) : V1.Articles.ArticlesBase
{
    // Longer texts do not fit into the trailer that carries the details of a status.
    const int LargestStatusText = 4 * 1024;

    static Guid Author(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    // PostgreSQL keeps microseconds; what is answered must be what is stored.
    static DateTimeOffset ToMicroseconds(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMicrosecond));

    internal DateTimeOffset Now() => ToMicroseconds(time.GetUtcNow());

    /// <summary>A command of an author: answered from the store when it was carried out before, else carried out and committed in one transaction.</summary>
    async Task<TResponse> OnceAsync<TResponse>(IMessage request, ServerCallContext context, Func<Guid, CancellationToken, Task<TResponse>> command, TimeSpan? knownFor = null)
        where TResponse : class, IMessage<TResponse>, new()
    {
        var (author, cancel) = (Author(context), context.CancellationToken);
        if (await db.FindStoredAnswerAsync<TResponse>(author, request, context) is { } before)
        {
            if (ArticleOf(before) is { } stored)
                stored.Content.Markdown = await db.Articles.Where(a => a.Id == Guid.Parse(stored.Id)).Select(a => a.Content.Markdown).SingleOrDefaultAsync(cancel) ?? "";
            return before;
        }
        var response = await command(author, cancel);
        // The text is kept once, with the article.
        var answer = response.Clone();
        if (ArticleOf(answer) is { } article)
            article.Content.Markdown = "";
        db.StoreAnswer(author, request, answer, context, time, knownFor);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException) when (ArticleOf(response) is not null)
        {
            throw await StaleAsync(Guid.Parse(ArticleOf(response)!.Id), cancel);
        }
        catch (DbUpdateException problem) when (problem.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw RpcErrors.Create(StatusCode.Aborted, "The same was done at the same moment elsewhere. Try again.", "LOST_RACE");
        }
        return response;
    }

    static V1.Article? ArticleOf(IMessage response) => response.Descriptor.FindFieldByName("article")?.Accessor.GetValue(response) as V1.Article;

    /// <summary>The article, if this person may edit it (<see cref="ArticleAccess"/>).</summary>
    internal Task<Article> MineAsync(Guid person, string id, CancellationToken cancel) => db.MineAsync(person, id, cancel);

    static void MustBeCurrent(Article article, long expectedRevision)
    {
        if (article.Revision != expectedRevision)
            throw Stale(article);
    }

    internal async Task<RpcException> StaleAsync(Guid id, CancellationToken cancel) =>
        await db.Articles.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancel) is { } current
            ? Stale(current)
            : RpcErrors.NotFound("The article was deleted meanwhile.");

    static RpcException Stale(Article current)
    {
        var message = ToMessage(current);
        if (message.CalculateSize() > LargestStatusText)
            message.Content = null;
        return RpcErrors.StaleRevision(message);
    }

    ArticleContent Checked(V1.ArticleContent? sent)
    {
        var (content, problems) = ArticleContent.Read(sent);
        if (content.IsTooLarge)
            throw ArticleRendering.TooLarge();
        return problems.Count == 0 ? content : throw RpcErrors.InvalidArgument([.. problems]);
    }

    internal void PublishChange(Article article, ArticleChanged.Types.Change change, string formerSlug = "", IEnumerable<string>? formerTopics = null, PublishedArticle? published = null, Guid? formerPublication = null, params IEnumerable<Guid> former) => db.Publish(
        ServiceDefaults.Events.Topics.Articles, article.Id,
        new ArticleChanged
        {
            ArticleId = article.Id.ToString(),
            AuthorId = article.AuthorId.ToString(),
            Change = change,
            Slug = article.Slug ?? "",
            FormerSlug = formerSlug,
            TopicSlugs = { (formerTopics ?? []).Concat(published?.TopicSlugs ?? []).Distinct() },
            PresentTopicSlugs = { published?.TopicSlugs ?? [] },
            Revision = article.Revision,
            Title = published?.Title ?? article.Content.Title,
            PublishTime = article.FirstPublishTime is { } first ? Timestamp.FromDateTimeOffset(first) : null,
            Imported = article.Source is not null,
            AuthorIds = { article.AuthorIds.Select(id => id.ToString()) },
            PublicationId = article.PublicationId?.ToString() ?? "",
            SeriesId = article.SeriesId?.ToString() ?? "",
            TranslationGroupId = article.TranslationGroup?.ToString() ?? "",
            FormerPublicationId = formerPublication?.ToString() ?? "",
            FormerAuthorIds = { former.Select(id => id.ToString()) },
        }, time);

    internal void PublishDraftChange(Article article, bool? present = null) => db.PublishDraftChange(article, time, present);

    internal static V1.Article ToMessage(Article article) => new()
    {
        Id = article.Id.ToString(),
        AuthorId = article.AuthorId.ToString(),
        CoAuthorIds = { article.CoAuthorIds.Select(id => id.ToString()) },
        CoAuthorNames = { article.CoAuthorNames },
        PublicationId = article.PublicationId?.ToString() ?? "",
        Status = (V1.ArticleStatus)article.Status,
        Content = article.Content.ToMessage(),
        Revision = article.Revision,
        PublishedSlug = article.Slug ?? "",
        CreateTime = Timestamp.FromDateTimeOffset(article.CreateTime),
        UpdateTime = Timestamp.FromDateTimeOffset(article.UpdateTime),
        FirstPublishTime = article.FirstPublishTime is { } first ? Timestamp.FromDateTimeOffset(first) : null,
        HasUnpublishedChanges = article.HasUnpublishedChanges,
        WordCount = article.WordCount,
        ScheduleTime = article.ScheduleTime is { } at ? Timestamp.FromDateTimeOffset(at) : null,
        ScheduleProblem = article.ScheduleProblem,
        SeriesId = article.SeriesId?.ToString() ?? "",
        TranslationGroupId = article.TranslationGroup?.ToString() ?? "",
    };

    static V1.ArticleSummary ToSummary(PublishedArticle published, IReadOnlyDictionary<string, Topic> topics) => new()
    {
        Id = published.ArticleId.ToString(),
        AuthorId = published.AuthorId.ToString(),
        CoAuthorIds = { published.CoAuthorIds.Select(id => id.ToString()) },
        CoAuthorNames = { published.CoAuthorNames },
        PublicationId = published.PublicationId?.ToString() ?? "",
        Slug = published.Slug,
        Title = published.Title,
        Description = published.Description,
        Topics = { published.TopicSlugs.Zip(published.TopicNames, (slug, name) => new V1.Topic { Slug = slug, Name = topics.GetValueOrDefault(slug)?.Name ?? name, ArticleCount = topics.GetValueOrDefault(slug)?.ArticleCount ?? 0 }) },
        Cover = published.CoverMediaId is { } cover ? new V1.Image { MediaId = cover.ToString(), Width = published.CoverWidth, Height = published.CoverHeight, Alt = published.CoverAlt } : null,
        PublishTime = Timestamp.FromDateTimeOffset(published.PublishTime),
        EditTime = published.EditTime is { } edit ? Timestamp.FromDateTimeOffset(edit) : null,
        ReadingMinutes = published.ReadingMinutes,
    };

    async Task<IReadOnlyDictionary<string, Topic>> TopicsOfAsync(IEnumerable<PublishedArticle> published, CancellationToken cancel)
    {
        var slugs = published.SelectMany(p => p.TopicSlugs).Distinct().ToArray();
        return slugs.Length == 0 ? new Dictionary<string, Topic>() : await db.Topics.AsNoTracking().Where(t => slugs.Contains(t.Slug)).ToDictionaryAsync(t => t.Slug, cancel);
    }

    static IEnumerable<V1.Heading> ToMessages(IEnumerable<RenderedHeading> headings) =>
        headings.Select(heading => new V1.Heading { Level = heading.Level, Anchor = heading.Anchor, Text = heading.Text });

    static List<RenderedHeading> HeadingsOf(PublishedArticle published) => JsonSerializer.Deserialize<List<RenderedHeading>>(published.Headings) ?? [];
}
