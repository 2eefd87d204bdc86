using System.Diagnostics;
using System.Globalization;
using Blog.Content.V1;
using Blog.Notifications.Newsletters;
using Blog.Testing;
using Blog.Users.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Blog.Bench;

/// <summary>
/// One story to 10,000 subscribers, by the Notifications service in a process of its own: how fast, and what is missing or comes twice when it is killed (kill -9) half-way and
/// started anew.
/// </summary>
static class NewsletterBench
{
    const int Recipients = 10_000;

    public static async Task RunAsync(Figures figures, CancellationToken cancel)
    {
        await using var postgres = new PostgresFixture();
        await postgres.InitializeAsync();
        await using var issuer = new TestIssuer();
        await issuer.InitializeAsync();
        await using var neighbours = await FakeServer.StartAsync(services => services.AddGrpc(), app =>
        {
            app.MapGrpcService<OneAuthor>();
            app.MapGrpcService<AnyStory>();
        });
        using var mail = new CountingMailServer();
        var database = await postgres.CreateDatabaseAsync();
        string[] settings =
        [
            .. issuer.Settings.Select(setting => $"--{setting.Key}={setting.Value}"),
            $"--ConnectionStrings:notifications={database}", "--ConnectionStrings:broker=127.0.0.1:1", "--Blog:Notifications:Key=bench", "--Logging:LogLevel:Blog=Error",
            $"--services:mail:smtp:0={mail.Address}", $"--services:users:grpc:0={neighbours.Grpc}", $"--services:content:grpc:0={neighbours.Grpc}", $"--services:identity:grpc:0={neighbours.Grpc}",
            "--Kestrel:Endpoints:http:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:grpc:Protocols=Http2",
        ];

        await using var sender = await StartAsync(settings, cancel);
        await using var source = NpgsqlDataSource.Create(database);
        await ExecuteAsync(source, $"""
            insert into newsletter_subscriptions (target_kind, target_id, id, address, address_key, state, create_time, confirm_time)
            select 1, '{OneAuthor.Id}', gen_random_uuid(), 'reader' || n || '@example.org', 'READER' || n || '@EXAMPLE.ORG', 2, now(), now() from generate_series(1, {Recipients}) n
            """, cancel);

        // A short one first, so that everything is compiled and connected.
        await PublishAsync(source, cancel);
        await UntilAsync(() => mail.Taken.Count >= 1000, cancel);
        await UntilDoneAsync(source, cancel);
        mail.Taken.Clear();

        var watch = Stopwatch.StartNew();
        await PublishAsync(source, cancel);
        await UntilAsync(() => mail.Taken.Count >= Recipients, cancel);
        figures.Add("newsletter-rate", Recipients / watch.Elapsed.TotalSeconds, "msg/s");
        await UntilDoneAsync(source, cancel);
        Check(mail, figures, "newsletter-undisturbed");
        mail.Taken.Clear();

        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mail.OnTaken = count =>
        {
            if (count != Recipients / 2) return;
            using var victim = Process.GetProcessById(sender.Id);
            victim.Kill();
            killed.SetResult();
        };
        await PublishAsync(source, cancel);
        await killed.Task.WaitAsync(cancel);
        watch.Restart();
        await using var next = await StartAsync(settings, cancel);
        await UntilDoneAsync(source, cancel);
        figures.Add("newsletter-killed-resume", watch.Elapsed.TotalSeconds, "s");
        Check(mail, figures, "newsletter-killed");
    }

    /// <summary>What a mailbox that knows a message by its id shows, and how many copies came in all.</summary>
    static void Check(CountingMailServer mail, Figures figures, string name)
    {
        var taken = mail.Taken.ToArray();
        figures.Add(name + "-recipients", taken.Select(t => t.To).Distinct(StringComparer.Ordinal).Count(), "people");
        figures.Add(name + "-missing", Recipients - taken.Select(t => t.To).Distinct(StringComparer.Ordinal).Count(), "people");
        figures.Add(name + "-twice", taken.Distinct().Count() - taken.Select(t => t.To).Distinct(StringComparer.Ordinal).Count(), "messages");
        figures.Add(name + "-copies-with-the-same-id", taken.Length - taken.Distinct().Count(), "copies");
    }

    static async Task<OwnedProcess> StartAsync(string[] settings, CancellationToken cancel)
    {
        var process = new OwnedProcess("KILL", null, "dotnet", [typeof(Issue).Assembly.Location, .. settings]);
        await process.StartAsync();
        await UntilAsync(() => process.Output.Contains("Application started", StringComparison.Ordinal) || (process.HasExited ? throw new InvalidOperationException(process.Output) : false), cancel);
        return process;
    }

    static Task PublishAsync(NpgsqlDataSource source, CancellationToken cancel) => ExecuteAsync(source, $"""
        insert into newsletter_issues (article_id, target_kind, target_id, author_id, slug, state, cursor, mark, due_time, create_time)
        values (gen_random_uuid(), 1, '{OneAuthor.Id}', '{OneAuthor.Id}', 'a-story', {(int)IssueState.ToBeWritten}, '{Guid.Empty}', gen_random_uuid(), now(), now())
        """, cancel);

    static async Task UntilDoneAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        while (true)
        {
            await using var command = source.CreateCommand($"select count(*) from newsletter_issues where state <> {(int)IssueState.Done}");
            if (Convert.ToInt64(await command.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture) == 0) return;
            await Task.Delay(50, cancel);
        }
    }

    static async Task UntilAsync(Func<bool> condition, CancellationToken cancel)
    {
        while (!condition()) await Task.Delay(5, cancel);
    }

    static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancel);
    }

    sealed class OneAuthor : Users.V1.Users.UsersBase
    {
        public const string Id = "019a0000-0000-7000-8000-000000000001";

        public override Task<GetProfileResponse> GetProfile(GetProfileRequest request, ServerCallContext context) =>
            Task.FromResult(new GetProfileResponse { Profile = new() { Id = Id, Handle = "author", Name = "An Author" } });
    }

    sealed class AnyStory : Articles.ArticlesBase
    {
        static readonly string Html = string.Concat(Enumerable.Repeat("<p>" + string.Join(' ', Enumerable.Repeat("words that somebody wanted to say", 12)) + "</p>", 20));

        public override Task<GetPublishedArticleResponse> GetPublishedArticle(GetPublishedArticleRequest request, ServerCallContext context) => Task.FromResult(new GetPublishedArticleResponse
        {
            Article = new() { Summary = new() { Slug = request.Slug, Title = "A story of ordinary length", Description = "Its description.", ReadingMinutes = 7 }, Html = Html },
        });
    }
}
