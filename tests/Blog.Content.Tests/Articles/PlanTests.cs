using Blog.Testing;
using System.Globalization;
using System.Text.RegularExpressions;
using Blog.Content.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

/// <summary>What readers ask for is found by index, whatever the number of articles.</summary>
public sealed partial class PlanTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    [GeneratedRegex(@"Seq Scan on (\w+)")]
    private static partial Regex SequentialScan { get; }

    [Fact]
    public async Task Pages_for_readers_are_read_by_index()
    {
        var cancel = TestContext.Current.CancellationToken;
        var ines = Guid.CreateVersion7();
        await content.As(ines).PublishedAsync(Written("Planned", "x", "Plans"));
        await using var source = NpgsqlDataSource.Create(content.ConnectionString);
        await Execute(source, """
            insert into publications select gen_random_uuid(), gen_random_uuid(), 's', 't', '', '', '[]', '{plans}', '{Plans}', null, 0, 0, '', '', '', 1, 1, now() - n * interval '1 minute', null from generate_series(1, 20000) n;
            alter table topic_articles disable trigger user;
            insert into topic_articles select 'plans', article_id, 'Plans', author_id, publish_time from publications on conflict do nothing;
            insert into co_authorships select gen_random_uuid(), article_id, publish_time from publications;
            insert into series select author_id, article_id, 's', 't', '', now(), now(), 1 from publications;
            insert into articles (author_id, id, status, revision, title, description, markdown, topics, cover_alt, wished_slug, canonical_url, language, content_hash, word_count, create_time, update_time, series_id)
                select author_id, article_id, 2, 1, 't', '', 'x', '{}', '', '', '', '', '', 1, now(), now(), article_id from publications on conflict do nothing;
            insert into slugs select author_id, 's' || article_id, article_id, now() from publications;
            analyze;
            """);
        // From here on every statement sends its plan along.
        var plans = new List<string>();
        await using var connection = await source.OpenConnectionAsync(cancel);
        connection.Notice += (_, notice) => plans.Add(notice.Notice.MessageText);
        await using (var set = new NpgsqlCommand("load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set client_min_messages = log", connection))
            await set.ExecuteNonQueryAsync(cancel);

        var options = new DbContextOptionsBuilder<ContentDbContext>().UseNpgsql(connection).Options;
        await using var db = new ContentDbContext(options);
        using var scope = content.Host.Services.CreateScope();
        var service = ActivatorUtilities.CreateInstance<Blog.Content.Articles.ArticlesService>(scope.ServiceProvider, db);
        var call = new NoCall();
        await service.GetPublishedArticle(new() { AuthorId = ines.ToString(), Slug = "planned" }, call);
        await service.ListPublishedArticles(new(), call);
        await service.ListPublishedArticles(new() { AuthorId = ines.ToString() }, call);
        await service.ListPublishedArticles(new() { TopicSlug = "plans" }, call);

        plans.Count.ShouldBeGreaterThan(5, string.Create(CultureInfo.InvariantCulture, $"{plans.Count} plans"));
        var scans = plans.SelectMany(plan => SequentialScan.Matches(plan)).Select(match => match.Groups[1].Value).Where(table => table != "topics");
        scans.ShouldBeEmpty(string.Join("\n\n", plans));
        foreach (var index in new[] { "publications_newest", "publications_of_author", "co_authorships_newest", "topic_articles_newest", "slugs_pkey" })
            plans.ShouldContain(plan => plan.Contains($"using {index}", StringComparison.Ordinal), index);
    }

    static async Task Execute(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
