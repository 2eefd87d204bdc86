using Blog.Content.Data;
using Blog.Content.Revisions;
using Blog.Content.V1;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Grpc;
using Blog.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Blog.Content.Tests.Calls;
using Revision = Blog.Content.V1.Revision;
using RevisionReason = Blog.Content.V1.RevisionReason;

namespace Blog.Content.Tests.Revisions;

/// <summary>What autosaving keeps, and what goes with age, under a clock that can be put forward.</summary>
public sealed class KeepingTests(PostgresFixture postgres) : IAsyncLifetime
{
    readonly TestIssuer issuer = new();
    readonly TestClock clock = new();
    readonly string folder = Directory.CreateTempSubdirectory("blog-content-").FullName;
    readonly Guid ines = Guid.CreateVersion7();
    string database = "";
    ServiceHost<Program>? host;

    public async ValueTask InitializeAsync()
    {
        await issuer.InitializeAsync();
        database = await postgres.CreateDatabaseAsync();
        host = new ServiceHost<Program>(
            new Dictionary<string, string>(issuer.Settings) { ["ConnectionStrings:content"] = database, ["ConnectionStrings:broker"] = "127.0.0.1:1", ["Blog:DataFolder"] = folder },
            services => services.AddSingleton<TimeProvider>(clock)).Start();
    }

    // The clock runs ahead of the tokens' life, so each call has a fresh one.
    V1.Articles.ArticlesClient Mine => new(host!.CallInvoker(Token()));
    V1.Revisions.RevisionsClient Versions => new(host!.CallInvoker(Token()));

    string Token() => issuer.Token(
        new() { ["sub"] = ines.ToString(), ["client_id"] = "bff", ["scope"] = "openid blog.api", ["role"] = new[] { "reader", "author" } }, lifetime: TimeSpan.FromDays(400));

    Task ForgetAsync() => host!.Services.GetRequiredService<StoredAnswersWorker<ContentDbContext>>().RunAsync(TestContext.Current.CancellationToken);

    Task ThinAsync() => host!.Services.GetRequiredService<ThinningWorker>().RunAsync(TestContext.Current.CancellationToken);

    async Task<Revision[]> HistoryAsync(Article article)
    {
        var (all, token) = (new List<Revision>(), "");
        do
        {
            var page = await Versions.ListRevisionsAsync(new() { ArticleId = article.Id, PageSize = 100, PageToken = token });
            all.AddRange(page.Revisions);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return [.. all];
    }

    async Task<string> TextAsync(Article article, long number) => (await Versions.GetRevisionAsync(new() { ArticleId = article.Id, Number = number })).Content.Markdown;

    async Task<Article> WriteAsync(Article article, string text) => await Mine.EditedAsync(article, c => c.Markdown += text);

    [Fact]
    public async Task Writing_on_after_a_pause_keeps_what_was_there_before_it()
    {
        var article = await Mine.DraftAsync(Written("Pausing", "One."));
        article = await WriteAsync(article, " Two.");
        article = await WriteAsync(article, " Three.");
        clock.Advance(KeepingRule.Pause);
        article = await WriteAsync(article, " Four.");
        article = await WriteAsync(article, " Five.");

        var history = await HistoryAsync(article);

        history.Select(r => r.Reason).ShouldBe([RevisionReason.Unspecified, RevisionReason.Paused]);
        (await TextAsync(article, history[1].Number)).ShouldBe("One. Two. Three.");
    }

    [Fact]
    public async Task Writing_without_a_pause_is_kept_every_ten_minutes()
    {
        var article = await Mine.DraftAsync(Written("Flowing", "One."));
        for (var minute = 0; minute < 31; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            article = await WriteAsync(article, $" Minute {minute}.");
        }

        (await HistoryAsync(article)).Select(r => r.Reason).ShouldBe([RevisionReason.Unspecified, RevisionReason.Interval, RevisionReason.Interval, RevisionReason.Interval]);
    }

    [Fact]
    public async Task Old_revisions_thin_out_but_not_what_somebody_asked_for_and_every_text_stays_readable()
    {
        var article = await Mine.DraftAsync(Written("Aging", "Start."));
        var texts = new Dictionary<long, string> { [article.Revision] = article.Content.Markdown };
        for (var i = 0; i < 90; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(7));
            article = await WriteAsync(article, $" Word{i}.");
            texts[article.Revision] = article.Content.Markdown;
            if (i % 30 == 10)
                await Versions.SaveRevisionAsync(new() { ArticleId = article.Id, ExpectedRevision = article.Revision });
        }
        var named = (await HistoryAsync(article)).First(r => r.Reason == RevisionReason.Paused).Number;
        await Versions.NameRevisionAsync(new() { ArticleId = article.Id, Number = named, Name = "Keep me" });
        var asked = (await HistoryAsync(article)).Where(r => r.Reason == RevisionReason.Saved || r.Name.Length > 0).Select(r => r.Number).ToArray();
        asked.Length.ShouldBe(4);

        async Task<Revision[]> LaterAsync(TimeSpan by)
        {
            clock.Advance(by);
            await Task.WhenAll(ThinAsync(), ThinAsync());
            var history = await HistoryAsync(article);
            history.Select(r => r.Number).ShouldBeSubsetOf(texts.Keys);
            asked.ShouldBeSubsetOf(history.Select(r => r.Number));
            foreach (var revision in history)
                (await TextAsync(article, revision.Number)).ShouldBe(texts[revision.Number]);
            return history;
        }

        (await HistoryAsync(article)).Length.ShouldBe(91);
        var hourly = await LaterAsync(TimeSpan.FromHours(1));
        hourly.Length.ShouldBeInRange(11 + asked.Length, 13 + asked.Length); // ten hours and a half, the newest, and those asked for
        (await LaterAsync(TimeSpan.Zero)).ShouldBe(hourly, "thinning again finds nothing");
        (await LaterAsync(TimeSpan.FromDays(2))).Length.ShouldBeInRange(1 + asked.Length, 3 + asked.Length);
        (await LaterAsync(TimeSpan.FromDays(60))).Length.ShouldBeInRange(1 + asked.Length, 3 + asked.Length);

        article = await WriteAsync(article, " The end.");
        texts[article.Revision] = article.Content.Markdown;
        await LaterAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_save_that_is_repeated_is_carried_out_once_and_known_for_two_days()
    {
        var article = await Mine.DraftAsync(Written("Once", "One."));
        var (request, key) = (new UpdateArticleRequest { Id = article.Id, Content = Written("Once", "Two."), ExpectedRevision = article.Revision }, Guid.NewGuid().ToString());
        async Task<Article> SaveAsync() => (await Mine.UpdateArticleAsync(request, new Metadata { { "idempotency-key", key } })).Article;

        (await SaveAsync()).Revision.ShouldBe(2);
        await ForgetAsync();
        (await SaveAsync()).Revision.ShouldBe(2);
        clock.Advance(Blog.Content.Articles.ArticlesService.SavesKnownFor);
        await ForgetAsync();
        (await Should.ThrowAsync<RpcException>(SaveAsync)).Reason().ShouldBe("STALE_REVISION");
    }

    [Fact]
    public async Task Two_hundred_saves_of_20_KB_take_less_than_400_KB()
    {
        var prose = new Prose(42);
        var article = await Mine.DraftAsync(Written("Much revised", prose.Text(20_000)));
        var (articles, versions) = (Mine, Versions);
        for (var save = 0; save < 200; save++)
        {
            article = await articles.EditedAsync(article, c => c.Markdown = prose.Edited(c.Markdown));
            await versions.SaveRevisionAsync(new() { ArticleId = article.Id, ExpectedRevision = article.Revision });
        }

        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("select pg_total_relation_size('revisions')");
        ((long)(await command.ExecuteScalarAsync())!).ShouldBeLessThan(400_000);
        (await TextAsync(article, article.Revision)).ShouldBe(article.Content.Markdown);
    }

    public async ValueTask DisposeAsync()
    {
        await host!.DisposeAsync();
        await issuer.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
