using Blog.Content.V1;
using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Npgsql;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

public sealed class TranslationsTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ada = Guid.CreateVersion7();
    readonly Guid bo = Guid.CreateVersion7();

    V1.Translations.TranslationsClient As(Guid person) => new(content.Host.CallInvoker(content.Issuer.PersonToken(person)));

    static ArticleContent In(string language, string title)
    {
        var written = Written(title, $"Text of {title}.", "Sea");
        written.Language = language;
        return written;
    }

    async Task<Article> TranslatedAsync(Article article, string language, string title)
    {
        var draft = (await As(ada).TranslateArticleAsync(new() { ArticleId = article.Id, Language = language })).Article;
        return await content.As(ada).RepublishedAsync(draft, edited => edited.Title = title);
    }

    Task<Article> NowAsync(string id) => NowAsync(ada, id);

    async Task<Article> NowAsync(Guid person, string id) => (await content.As(person).GetArticleAsync(new() { Id = id })).Article;

    async Task<PublishedArticle> ReadAsync(Article article) => (await content.Anonymous.ReadAsync(article.AuthorId, article.PublishedSlug)).Article;

    async Task<string[]> LanguagesAsync(Article article) => [.. (await ReadAsync(article)).Translations.Select(each => $"{each.Language} {each.Slug}")];

    async Task<TranslationsChanged> NewsAsync(string group)
    {
        await using var source = NpgsqlDataSource.Create(content.ConnectionString);
        await using var command = source.CreateCommand("select payload from outbox where topic = 'content.translations.v1' and key = $1 order by position desc limit 1");
        command.Parameters.Add(new() { Value = group });
        return TranslationsChanged.Parser.ParseFrom((byte[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
    }

    [Fact]
    public async Task A_translation_is_a_draft_of_its_own_and_readers_of_one_find_the_others()
    {
        var original = await content.As(ada).PublishedAsync(In("en", "The pier"));
        var draft = (await As(ada).TranslateArticleAsync(new() { ArticleId = original.Id, Language = "PT-br" })).Article;
        (draft.Status, draft.Content.Language, draft.Content.Markdown, draft.Content.Topics.ShouldHaveSingleItem(), draft.TranslationGroupId)
            .ShouldBe((ArticleStatus.Draft, "pt-BR", "Text of The pier.", "Sea", original.Id));
        (await NowAsync(original.Id)).Revision.ShouldBe(original.Revision);
        (await LanguagesAsync(original)).ShouldBe(["en the-pier"]);
        (await NewsAsync(original.Id)).ArticleIds.ShouldBe([original.Id, draft.Id]);

        var portuguese = await content.As(ada).RepublishedAsync(draft, edited => edited.Title = "O molhe");
        var german = await TranslatedAsync(portuguese, "de", "Die Mole");
        string[] all = ["en the-pier", "pt-BR o-molhe", "de die-mole"];
        foreach (var each in new[] { original, portuguese, german })
            (await LanguagesAsync(each)).ShouldBe(all);
        (await content.EventsOfAsync(german.Id))[^1].TranslationGroupId.ShouldBe(original.Id);

        await content.As(ada).UnpublishArticleAsync(new() { Id = portuguese.Id, ExpectedRevision = portuguese.Revision });
        (await LanguagesAsync(original)).ShouldBe(["en the-pier", "de die-mole"]);
        await content.As(ada).DeleteArticleAsync(new() { Id = german.Id, ExpectedRevision = german.Revision });
        (await LanguagesAsync(original)).ShouldBe(["en the-pier"]);
        (await content.EventsOfAsync(german.Id))[^1].TranslationGroupId.ShouldBe(original.Id);
    }

    [Fact]
    public async Task Each_language_is_there_once_and_none_is_unknown()
    {
        var original = await content.As(ada).PublishedAsync(In("zh-Hant", "碼頭"));
        var simple = await TranslatedAsync(original, "zh-Hans", "码头");
        async Task<RpcException> Refused(Article article, string language) => await FailureOf(As(ada).TranslateArticleAsync(new() { ArticleId = article.Id, Language = language }));
        foreach (var language in new[] { "", "no language", "zh-hans", "zh-hant" })
            (await Refused(original, language)).Violates("language").ShouldBeTrue(language);

        // Changed later, it is refused where it would come to readers.
        var edited = await content.As(ada).EditedAsync(await NowAsync(simple.Id), text => text.Language = "ZH-hant");
        (await FailureOf(content.As(ada).PublishArticleAsync(new() { Id = edited.Id, ExpectedRevision = edited.Revision }))).Violates("content.language").ShouldBeTrue();
        edited = await content.As(ada).EditedAsync(edited, text => text.Language = "");
        (await FailureOf(content.As(ada).PublishArticleAsync(new() { Id = edited.Id, ExpectedRevision = edited.Revision }))).Violates("content.language").ShouldBeTrue();
        edited = await content.As(ada).EditedAsync(edited, text => text.Language = "none-of-them-");
        (await FailureOf(content.As(ada).PublishArticleAsync(new() { Id = edited.Id, ExpectedRevision = edited.Revision }))).Violates("content.language").ShouldBeTrue();
    }

    [Fact]
    public async Task A_story_of_which_nobody_said_the_language_gets_it_with_its_first_translation()
    {
        var original = await content.As(ada).PublishedAsync(Written("Quay"));
        (await FailureOf(As(ada).TranslateArticleAsync(new() { ArticleId = original.Id, Language = "de" }))).Violates("source_language").ShouldBeTrue();
        await As(ada).TranslateArticleAsync(new() { ArticleId = original.Id, Language = "de", SourceLanguage = "EN" });
        (await ReadAsync(original)).Language.ShouldBe("en");
        (await NowAsync(original.Id)).HasUnpublishedChanges.ShouldBeFalse();

        // What readers do not have yet stays with its author.
        var edited = await content.As(ada).EditedAsync(await content.As(ada).PublishedAsync(Written("Harbour")), text => text.Markdown = "Not yet.");
        await As(ada).TranslateArticleAsync(new() { ArticleId = edited.Id, Language = "de", SourceLanguage = "en" });
        ((await NowAsync(edited.Id)).Content.Language, (await ReadAsync(edited)).Html).ShouldBe(("en", "<p>Some text.</p>"));
    }

    [Fact]
    public async Task Stories_that_exist_are_linked_by_somebody_who_wrote_both()
    {
        var (english, german) = (await content.As(ada).PublishedAsync(In("en", "Linked")), await content.As(ada).PublishedAsync(In("de", "Verbunden")));
        var theirs = await content.As(bo).PublishedAsync(In("fr", "Lié"));
        (await FailureOf(As(ada).LinkTranslationAsync(new() { ArticleId = english.Id, OtherId = theirs.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(As(bo).LinkTranslationAsync(new() { ArticleId = english.Id, OtherId = theirs.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(As(ada).LinkTranslationAsync(new() { ArticleId = english.Id, OtherId = english.Id }))).Violates("other_id").ShouldBeTrue();

        var linked = await As(ada).LinkTranslationAsync(new() { ArticleId = english.Id, OtherId = german.Id });
        linked.Members.Select(member => member.Title).ShouldBe(["Linked", "Verbunden"]);
        (await As(ada).LinkTranslationAsync(new() { ArticleId = german.Id, OtherId = english.Id })).GroupId.ShouldBe(linked.GroupId);
        (await LanguagesAsync(german)).ShouldBe(["en linked", "de verbunden"]);

        var second = await content.As(ada).DraftAsync(In("DE", "Noch einmal"));
        (await FailureOf(As(ada).LinkTranslationAsync(new() { ArticleId = english.Id, OtherId = second.Id }))).Violates("other_id").ShouldBeTrue();
        var silent = await content.As(ada).DraftAsync(Written("Silent"));
        (await FailureOf(As(ada).LinkTranslationAsync(new() { ArticleId = english.Id, OtherId = silent.Id }))).Violates("other_language").ShouldBeTrue();
        // From either side, and into the group that is there.
        (await As(ada).LinkTranslationAsync(new() { ArticleId = silent.Id, OtherId = german.Id, Language = "it" })).Members.Count.ShouldBe(3);

        var (other, another) = (await content.As(ada).DraftAsync(In("es", "Otra")), await content.As(ada).DraftAsync(In("nl", "Ander")));
        await As(ada).LinkTranslationAsync(new() { ArticleId = other.Id, OtherId = another.Id });
        (await FailureOf(As(ada).LinkTranslationAsync(new() { ArticleId = english.Id, OtherId = other.Id }))).Reason().ShouldBe("ALREADY_LINKED");
    }

    [Fact]
    public async Task Who_writes_one_of_them_takes_stories_out_and_sees_no_drafts_of_others()
    {
        var original = await content.As(ada).PublishedAsync(In("en", "Apart"));
        var (german, secret) = (await TranslatedAsync(original, "de", "Getrennt"), (await As(ada).TranslateArticleAsync(new() { ArticleId = original.Id, Language = "fr" })).Article);
        var invitation = (await content.AuthorsAs(ada).InviteAuthorAsync(new() { ArticleId = german.Id, PersonId = bo.ToString() })).Invitation;
        await content.InvitationsOf(bo).AcceptInvitationAsync(new() { Id = invitation.Id });

        (await As(bo).ListTranslationsAsync(new() { ArticleId = german.Id })).Members.Select(member => (member.Title, member.Mine)).ShouldBe([("Apart", false), ("Getrennt", true), ("", false)]);
        (await FailureOf(As(bo).ListTranslationsAsync(new() { ArticleId = original.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await As(bo).UnlinkTranslationAsync(new() { ArticleId = german.Id, OtherId = original.Id })).ArticleIds.Count.ShouldBe(3);
        (await LanguagesAsync(original)).ShouldBeEmpty();
        (await NewsAsync(original.Id)).ArticleIds.ShouldBe([original.Id, german.Id, secret.Id]);
        (await FailureOf(As(bo).UnlinkTranslationAsync(new() { ArticleId = german.Id, OtherId = original.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);

        // The story that left begins anew, and what it left goes on without it.
        await TranslatedAsync(original, "it", "Da parte");
        (await LanguagesAsync(original)).ShouldBe(["en apart", "it da-parte"]);
        (await LanguagesAsync(german)).ShouldBe(["de getrennt"]);
        await As(ada).UnlinkTranslationAsync(new() { ArticleId = german.Id, OtherId = german.Id });
        (await NowAsync(secret.Id)).TranslationGroupId.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sitemaps_name_the_languages_of_pages_that_are_originals()
    {
        var original = await content.As(ada).PublishedAsync(In("en", "Mapped"));
        var german = await TranslatedAsync(original, "de", "Kartiert");
        var french = (await As(ada).TranslateArticleAsync(new() { ArticleId = original.Id, Language = "fr" })).Article;
        await content.As(ada).RepublishedAsync(french, edited => (edited.Title, edited.CanonicalUrl) = ("Cartographié", "https://elsewhere.example/carte"));
        var pages = (await content.Anonymous.ListPublicPagesAsync(new() { Kind = PublicPageKind.Article })).Pages;
        pages.Single(page => page.Key == german.Id).Translations.Select(each => $"{each.Language} {each.Slug}").ShouldBe(["en mapped", "de kartiert"]);
    }
}
