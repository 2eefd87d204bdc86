using Blog.Content.Articles;
using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.Testing;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Blog.Content.Tests.Calls;
using Article = Blog.Content.V1.Article;
using ArticleStatus = Blog.Content.V1.ArticleStatus;
using RevisionReason = Blog.Content.V1.RevisionReason;

namespace Blog.Content.Tests;

/// <summary>Stories that go out at a chosen time, under a clock that can be put forward.</summary>
public sealed class ScheduleTests(PostgresFixture postgres) : IAsyncLifetime
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
        host = Start();
    }

    ServiceHost<Program> Start() => new ServiceHost<Program>(
        new Dictionary<string, string>(issuer.Settings) { ["ConnectionStrings:content"] = database, ["ConnectionStrings:broker"] = "127.0.0.1:1", ["Blog:DataFolder"] = folder },
        services => services.AddSingleton<TimeProvider>(clock)).Start();

    // The clock runs ahead of the tokens' life, so each call has a fresh one.
    V1.Articles.ArticlesClient As(Guid person) => new(host!.CallInvoker(issuer.Token(
        new() { ["sub"] = person.ToString(), ["client_id"] = "bff", ["scope"] = "openid blog.api", ["role"] = new[] { "reader", "author" } }, lifetime: TimeSpan.FromDays(400))));

    V1.Articles.ArticlesClient Mine => As(ines);

    V1.Articles.ArticlesClient Anonymous => new(host!.CallInvoker());

    Timestamp In(TimeSpan ahead) => Timestamp.FromDateTimeOffset(clock.GetUtcNow() + ahead);

    async Task<Article> ScheduledAsync(Article article, TimeSpan ahead) =>
        (await Mine.ScheduleArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision, ScheduleTime = In(ahead) })).Article;

    async Task<Article> NowAsync(Article article) => (await Mine.GetArticleAsync(new() { Id = article.Id })).Article;

    /// <summary>When it is not scheduled any more, which is within five seconds of its time: by this look, or by one that the service takes by itself.</summary>
    async Task<Article> SettledAsync(Article article)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await NowAsync(article) is { ScheduleTime: null } now)
                return now;
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(5));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    static Task LookAsync(ServiceHost<Program> instance) => instance.Services.GetRequiredService<ScheduleWorker>().RunAsync(TestContext.Current.CancellationToken);

    async Task<List<byte[]>> EventsAsync(string topic, string key)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("select payload from outbox where topic = $1 and key = $2 order by position");
        command.Parameters.Add(new() { Value = topic });
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<byte[]>();
        while (await reader.ReadAsync())
            events.Add((byte[])reader[0]);
        return events;
    }

    [Fact]
    public async Task A_story_goes_out_at_its_time_as_it_is_then_and_not_before()
    {
        var article = await ScheduledAsync(await Mine.DraftAsync(Written("Morning", "First words.")), TimeSpan.FromHours(1));
        (await Mine.ListMyArticlesAsync(new() { Scheduled = true })).Articles.ShouldHaveSingleItem().ScheduleTime.ShouldBe(article.ScheduleTime);
        await Mine.EditedAsync(article, text => text.Markdown = "Better words.");

        clock.Advance(TimeSpan.FromMinutes(59));
        await LookAsync(host!);
        (await NowAsync(article)).Status.ShouldBe(ArticleStatus.Draft);
        clock.Advance(TimeSpan.FromMinutes(1));
        await LookAsync(host!);

        var now = await SettledAsync(article);
        (now.Status, now.ScheduleProblem).ShouldBe((ArticleStatus.Published, ""));
        (await Anonymous.ReadAsync(ines.ToString(), "morning")).Article.Html.ShouldBe("<p>Better words.</p>");
        (await EventsAsync("content.articles.v1", article.Id)).ShouldHaveSingleItem();
        (await Mine.ListMyArticlesAsync(new() { Scheduled = true })).Articles.ShouldBeEmpty();
        var history = await new V1.Revisions.RevisionsClient(host!.CallInvoker(issuer.PersonToken(ines))).ListRevisionsAsync(new() { ArticleId = article.Id });
        history.Revisions[0].ShouldSatisfyAllConditions(kept => kept.Reason.ShouldBe(RevisionReason.Published), kept => kept.Live.ShouldBeTrue());
    }

    [Fact]
    public async Task A_running_service_looks_by_itself_within_five_seconds_also_for_what_fell_due_while_none_ran()
    {
        var article = await ScheduledAsync(await Mine.DraftAsync(Written("Overnight")), TimeSpan.FromHours(1));
        await host!.DisposeAsync();
        clock.Advance(TimeSpan.FromHours(8));
        host = Start();

        (await SettledAsync(article)).Status.ShouldBe(ArticleStatus.Published);
    }

    [Fact]
    public async Task Several_instances_publish_each_story_once()
    {
        var articles = new List<Article>();
        for (var i = 0; i < 12; i++)
            articles.Add(await ScheduledAsync(await Mine.DraftAsync(Written($"One of many {i}")), TimeSpan.FromHours(1)));
        await using var other = Start();
        clock.Advance(TimeSpan.FromHours(2));

        await Task.WhenAll(LookAsync(host!), LookAsync(other), LookAsync(host!), LookAsync(other));

        foreach (var article in articles)
        {
            (await SettledAsync(article)).Status.ShouldBe(ArticleStatus.Published);
            (await EventsAsync("content.articles.v1", article.Id)).ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task The_time_is_changed_and_taken_back()
    {
        var article = await ScheduledAsync(await Mine.DraftAsync(Written("Wavering")), TimeSpan.FromHours(1));
        article = await ScheduledAsync(article, TimeSpan.FromHours(3));
        clock.Advance(TimeSpan.FromHours(2));
        await LookAsync(host!);
        (await NowAsync(article)).Status.ShouldBe(ArticleStatus.Draft);

        article = (await Mine.CancelScheduleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision })).Article;
        article.ScheduleTime.ShouldBeNull();
        clock.Advance(TimeSpan.FromHours(2));
        await LookAsync(host!);
        (await NowAsync(article)).Status.ShouldBe(ArticleStatus.Draft);
    }

    [Fact]
    public async Task What_became_unpublishable_stays_a_draft_its_authors_learn_why_and_others_go_out()
    {
        var emptied = await ScheduledAsync(await Mine.DraftAsync(Written("Emptied")), TimeSpan.FromHours(1));
        await Mine.EditedAsync(emptied, text => text.Markdown = " ");
        var fine = await ScheduledAsync(await Mine.DraftAsync(Written("Fine")), TimeSpan.FromHours(1));
        clock.Advance(TimeSpan.FromHours(2));
        await LookAsync(host!);

        var now = await SettledAsync(emptied);
        (now.Status, now.ScheduleProblem).ShouldBe((ArticleStatus.Draft, "Write something before publishing."));
        var told = ScheduleMissed.Parser.ParseFrom((await EventsAsync("content.schedules.v1", emptied.Id)).ShouldHaveSingleItem());
        (told.Title, told.Problem).ShouldBe(("Emptied", now.ScheduleProblem));
        told.AuthorIds.ShouldBe([ines.ToString()]);
        (await SettledAsync(fine)).Status.ShouldBe(ArticleStatus.Published);

        var mended = await Mine.EditedAsync(now, text => text.Markdown = "Something.");
        (await Mine.PublishArticleAsync(new() { Id = mended.Id, ExpectedRevision = mended.Revision })).Article.ScheduleProblem.ShouldBe("");
    }

    [Fact]
    public async Task Only_what_could_be_published_now_is_scheduled_for_a_time_to_come_by_its_authors()
    {
        async Task<RpcException> RefusedAsync(Article article, Timestamp? at, Guid? person = null) =>
            await FailureOf(As(person ?? ines).ScheduleArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision, ScheduleTime = at }));
        var draft = await Mine.DraftAsync(Written("Fussy"));

        foreach (var at in new[] { null, In(TimeSpan.FromMinutes(-1)), In(TimeSpan.FromDays(800)) })
            (await RefusedAsync(draft, at)).Detail<BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("schedule_time");
        (await RefusedAsync(await Mine.DraftAsync(Written("")), In(TimeSpan.FromHours(1)))).Detail<BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("content.title");
        (await RefusedAsync(await Mine.PublishedAsync(Written("Out already")), In(TimeSpan.FromHours(1)))).Reason().ShouldBe("PUBLISHED");
        (await RefusedAsync(draft, In(TimeSpan.FromHours(1)), Guid.CreateVersion7())).StatusCode.ShouldBe(StatusCode.NotFound);
        await Mine.EditedAsync(draft, text => text.Markdown = "Changed.");
        (await RefusedAsync(draft, In(TimeSpan.FromHours(1)))).Reason().ShouldBe("STALE_REVISION");
    }

    public async ValueTask DisposeAsync()
    {
        await host!.DisposeAsync();
        await issuer.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
