using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.Content.Revisions;
using Blog.Events.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Translations;

/// <summary>blog.content.v1.Translations. Each use case is a file of this folder; here is what several of them need.</summary>
[Authorize(Policy = Policies.Person)]
sealed partial class TranslationsService(ContentDbContext db, ArticlesService articles, RevisionLog revisions, TimeProvider time) : V1.Translations.TranslationsBase
{
    internal const int MostLanguages = 50;

    static Guid Me(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    static Guid Id(string id) => Guid.TryParseExact(id, "D", out var known) ? known : Guid.Empty;

    /// <summary>Until the transaction ends nobody else changes these, nor what belongs to them. In one order, so that two who do this wait for each other.</summary>
    Task<int> LockAsync(Guid[] ids, CancellationToken cancel) => db.Database.ExecuteSqlAsync($"""
        select 1 from articles where id = any({ids}) or translation_group in (select translation_group from articles where id = any({ids}) and translation_group is not null) order by id for update
        """, cancel);

    /// <summary>All of a group, the first one first.</summary>
    async Task<List<Member>> MembersAsync(Guid group, CancellationToken cancel)
    {
        var members = await db.Articles.AsNoTracking().Where(a => a.TranslationGroup == group).LeftJoin(db.PublishedArticles, a => a.Id, p => p.ArticleId, (a, p) => new Member(
            a.Id, a.AuthorId, a.CoAuthorIds, a.Status, a.Slug ?? "", a.Content.Title, a.Content.Language, p == null ? null : p.Title, p == null ? null : p.Language)).ToListAsync(cancel);
        return [.. members.OrderByDescending(member => member.Id == group).ThenBy(member => member.Id)];
    }

    /// <summary>Says of a story in which language it is, when nobody did before; of what readers have, too, when that is the working copy.</summary>
    async Task SayLanguageAsync(Article article, string language, string field, Guid person, CancellationToken cancel)
    {
        if (LanguageTag.IsWellFormed(article.Content.Language))
            return;
        var said = LanguageTag.Canonical(language.Trim());
        if (said.Length == 0)
            throw RpcErrors.InvalidArgument((field, language.Length == 0 ? $"Say in which language “{article.Content.Title}” is." : NoLanguage(language)));
        var isAsPublished = article.Status == ArticleStatus.Published && !article.HasUnpublishedChanges;
        await revisions.ChangeAsync(article, article.Content with { Language = said }, person, articles.Now(), cancel);
        if (isAsPublished)
        {
            await articles.PublishAsync(article, null, cancel);
            await revisions.KeepAsync(article, RevisionReason.Published, person, articles.Now(), cancel);
        }
        articles.PublishDraftChange(article);
    }

    static string NoLanguage(string language) => $"“{language}” is not a language. Choose one of the list, or enter a tag like de or pt-BR.";

    static void MustHaveRoom(List<Member> members)
    {
        if (members.Count >= MostLanguages)
            throw RpcErrors.Create(StatusCode.FailedPrecondition, $"A story is there in at most {MostLanguages} languages.", "TOO_MANY_TRANSLATIONS");
    }

    Task<int> PutAsync(Guid[] ids, Guid? group, CancellationToken cancel) => db.Articles.Where(a => ids.Contains(a.Id)).ExecuteUpdateAsync(a => a.SetProperty(x => x.TranslationGroup, group), cancel);

    /// <summary>Adds to the change being made: caches learn of it.</summary>
    void Tell(Guid group, IEnumerable<Guid> members) =>
        db.Publish(Topics.Translations, group, new TranslationsChanged { GroupId = group.ToString(), ArticleIds = { members.Select(id => id.ToString()) } }, time);

    /// <summary>An article of a group.</summary>
    /// <param name="Id">Of the article.</param>
    /// <param name="AuthorId">The first author.</param>
    /// <param name="CoAuthorIds">Who writes it with them.</param>
    /// <param name="Status">Where it stands.</param>
    /// <param name="Slug">Empty before the first publication.</param>
    /// <param name="Title">Of the working copy, as <paramref name="Language"/>.</param>
    /// <param name="Language">May be empty.</param>
    /// <param name="PublishedTitle">Null: readers do not have it.</param>
    /// <param name="PublishedLanguage">As <paramref name="PublishedTitle"/>.</param>
    sealed record Member(Guid Id, Guid AuthorId, Guid[] CoAuthorIds, ArticleStatus Status, string Slug, string Title, string Language, string? PublishedTitle, string? PublishedLanguage)
    {
        /// <summary>It is in this language, for its authors or for readers.</summary>
        public bool Has(string language) => LanguageTag.Same(Language, language) || PublishedLanguage is not null && LanguageTag.Same(PublishedLanguage, language);

        public V1.TranslationMember ToMessage(Guid reader)
        {
            var mine = AuthorId == reader || CoAuthorIds.Contains(reader);
            return new V1.TranslationMember
            {
                ArticleId = Id.ToString(),
                AuthorId = AuthorId.ToString(),
                Title = mine ? Title : PublishedTitle ?? "",
                Language = mine ? Language : PublishedLanguage ?? "",
                Status = (V1.ArticleStatus)Status,
                PublishedSlug = Slug,
                Mine = mine,
            };
        }
    }
}
