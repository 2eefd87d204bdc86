using System.Security.Cryptography;
using Blog.Content.Revisions;
using Blog.Content.Translations;
using Blog.Events.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static Blog.Content.V1.ImportArticleResponse.Types;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    const int MaxSource = 500, MaxAttempts = 5, MaxFormerPaths = 100, MaxFormerPath = 500, MaxCoAuthorNames = 9, MaxCoAuthorName = 80;

    [Authorize(Policy = Policies.Service)]
    public override Task<V1.ImportArticleResponse> ImportArticle(V1.ImportArticleRequest request, ServerCallContext context) => ImportAsync(request, context.CancellationToken);

    /// <summary>The same for an import that runs in this service.</summary>
    internal async Task<V1.ImportArticleResponse> ImportAsync(V1.ImportArticleRequest request, CancellationToken cancel)
    {
        if (!Guid.TryParseExact(request.AuthorId, "D", out var author))
            throw RpcErrors.InvalidArgument(("author_id", "The id of an author is a UUID."));
        if (request.Source.Length is 0 or > MaxSource || request.Source.Any(char.IsControl))
            throw RpcErrors.InvalidArgument(("source", $"Name the article in its source, in up to {MaxSource} characters."));
        if (request.FormerPaths.Count > MaxFormerPaths || request.FormerPaths.Any(path => path.Length is < 2 or > MaxFormerPath || path[0] != '/' || path.Any(char.IsControl)))
            throw RpcErrors.InvalidArgument(("former_paths", $"Up to {MaxFormerPaths} paths are kept, each beginning with a slash and of up to {MaxFormerPath} characters."));
        var content = Checked(request.Content);
        var changes = request.Changes is null ? null : Checked(request.Changes);
        // What other systems call a language is not always one.
        content = content with { Language = LanguageTag.IsWellFormed(content.Language) ? content.Language : "" };
        if (changes is not null)
            changes = changes with { Language = LanguageTag.IsWellFormed(changes.Language) ? changes.Language : "" };

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ImportAsync(request, author, content, changes, cancel);
            }
            // An importer sends several at once; two may reach for one slug, or be the same article.
            catch (DbUpdateException problem) when (attempt < MaxAttempts && problem is DbUpdateConcurrencyException or { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } })
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    async Task<V1.ImportArticleResponse> ImportAsync(V1.ImportArticleRequest request, Guid author, ArticleContent content, ArticleContent? changes, CancellationToken cancel)
    {
        // The request itself is what the source says; the article may since have been edited here, which a repetition must not undo.
        var said = request.Clone();
        said.FormerPaths.Clear();
        var hash = SHA256.HashData(said.ToByteArray());
        var article = await db.Articles.SingleOrDefaultAsync(a => a.AuthorId == author && a.Source == request.Source, cancel);
        if (article is not null && hash.AsSpan().SequenceEqual(article.SourceHash))
        {
            await KeepPathsAsync(article, request.FormerPaths, cancel);
            await db.SaveChangesAsync(cancel);
            return new V1.ImportArticleResponse { Article = ToMessage(article), Outcome = Outcome.Unchanged };
        }

        var outcome = article is null ? Outcome.Created : Outcome.Updated;
        if (article is null)
            db.Add(article = Article.Draft(author, content, Now(), request.Source, Past(request.CreateTime)));
        else
            await revisions.ChangeAsync(article, content, author, Now(), cancel);
        (article.SourceHash, article.CoAuthorNames) = (hash, NamesOf(request));
        await KeepPathsAsync(article, request.FormerPaths, cancel);
        if (Guid.TryParseExact(request.TranslationGroupId, "D", out var translations))
            await JoinAsync(article, translations, cancel);
        if (outcome == Outcome.Created)
            article.WasEdited(Past(request.EditTime));
        if (request.Withdrawn && article.Status == ArticleStatus.Draft && Past(request.PublishTime) is { } published)
            article.WasWithdrawn(await TakeSlugAsync(article, content.Slug, isWished: true, cancel), published, Now());
        else if (!request.Draft && !request.Withdrawn)
            await PublishAsync(article, Past(request.PublishTime), cancel);
        if (article.Slug is not null)
            await RedirectAsync(article, request.FormerSlugs, cancel);
        await revisions.KeepAsync(article, RevisionReason.Imported, author, Now(), cancel);
        if (changes is not null)
            article.Change(changes, author, Now());
        if (article.IsDraft && Past(request.UpdateTime) is { } updated)
            article.UpdateTime = updated;
        // What came as an article was never a draft.
        if (article.IsDraft || outcome == Outcome.Updated)
            PublishDraftChange(article);
        await db.SaveChangesAsync(cancel);
        return new V1.ImportArticleResponse { Article = ToMessage(article), Outcome = outcome };
    }

    // A date to come would keep the article on top of every list.
    internal DateTimeOffset? Past(Timestamp? time) => time?.ToDateTimeOffset() is { } moment && moment < Now() ? ToMicroseconds(moment) : null;

    static string[] NamesOf(V1.ImportArticleRequest request) =>
        [.. request.CoAuthorNames.Select(ArticleContent.Line).Where(name => name.Length is > 0 and <= MaxCoAuthorName).Take(MaxCoAuthorNames)];

    /// <summary>Paths of the former site lead to the article, unless they lead to another of the author's.</summary>
    async Task KeepPathsAsync(Article article, IEnumerable<string> paths, CancellationToken cancel)
    {
        var wanted = paths.Distinct().ToArray();
        if (wanted.Length == 0)
            return;
        var known = await db.FormerPaths.AsNoTracking().Where(f => f.AuthorId == article.AuthorId && wanted.Contains(f.Path)).Select(f => f.Path).ToListAsync(cancel);
        foreach (var path in wanted.Except(known))
            db.Add(new FormerPath { AuthorId = article.AuthorId, Path = path, ArticleId = article.Id });
    }

    async Task JoinAsync(Article article, Guid translations, CancellationToken cancel)
    {
        var others = await db.Articles.Where(a => a.TranslationGroup == translations && a.Id != article.Id).Select(a => new { a.Id, a.Content.Language }).ToListAsync(cancel);
        if (article.Content.Language.Length == 0 || others.Count >= TranslationsService.MostLanguages || others.Exists(other => LanguageTag.Same(other.Language, article.Content.Language)) || !article.Translates(translations))
            return;
        db.Publish(Topics.Translations, translations, new TranslationsChanged { GroupId = translations.ToString(), ArticleIds = { others.Select(other => other.Id.ToString()), article.Id.ToString() } }, time);
    }

    /// <summary>Old slugs lead to the article, unless they belong to another one.</summary>
    async Task RedirectAsync(Article article, IEnumerable<string> formerSlugs, CancellationToken cancel)
    {
        var wanted = formerSlugs.Select(Slug.Chosen).Where(slug => slug.Length > 0 && slug != article.Slug).Distinct().ToArray();
        var taken = await db.Slugs.Where(s => s.AuthorId == article.AuthorId && wanted.Contains(s.Slug)).ToDictionaryAsync(s => s.Slug, cancel);
        foreach (var slug in wanted.Where(slug => !taken.TryGetValue(slug, out var row) || row.ArticleId is null))
            Take(slug, taken.GetValueOrDefault(slug), article);
    }
}
