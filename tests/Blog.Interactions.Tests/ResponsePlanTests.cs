using Blog.Testing;
using System.Globalization;
using System.Text.RegularExpressions;
using Blog.Interactions.Articles;
using Blog.Interactions.Data;
using Blog.Interactions.Responses;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Interactions.Tests;

/// <summary>An article with ten thousand responses is read like one with ten.</summary>
public sealed partial class ResponsePlanTests(InteractionsFixture interactions) : IClassFixture<InteractionsFixture>
{
    [GeneratedRegex(@"Seq Scan on (response|clap_total)\b")]
    private static partial Regex SequentialScan { get; }

    [Fact]
    public async Task Ten_thousand_responses_are_paged_by_index_to_the_last_page()
    {
        var cancel = TestContext.Current.CancellationToken;
        var stage = await Stage.WithArticleAsync(interactions);
        // 9,000 to the article, and a thousand answers to the first of them; ten times as many elsewhere.
        await stage.ExecuteAsync($$"""
            insert into response select a.id, gen_random_uuid(), null, null, null, 0, gen_random_uuid(), 1, 'm', '<p>m</p>', 'm', '{}', now() - n * interval '1 minute', null, 1, true, 0, 20 + random()
                from (select '{{stage.Article}}'::uuid union all select gen_random_uuid() from generate_series(1, 10)) a (id), generate_series(1, 9000) n;
            with top as (update response set replies = 1000 where id = (select id from response where article_id = '{{stage.Article}}' order by score desc, id desc limit 1) returning *)
            insert into response select article_id, gen_random_uuid(), id, author_id, id, 1, gen_random_uuid(), 1, 'm', '<p>m</p>', 'm', '{}', now() - n * interval '1 second', null, 1, true, 0, 20
                from top, generate_series(1, 1000) n;
            insert into clap_total select id, 1, 3, 1, 1 from response;
            insert into thread values ('{{stage.Article}}', 10000, false);
            analyze;
            """);
        var plans = new List<string>();
        await using var source = NpgsqlDataSource.Create(interactions.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(cancel);
        connection.Notice += (_, notice) => plans.Add(notice.Notice.MessageText);
        await using (var set = new NpgsqlCommand("load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on; set client_min_messages = log", connection))
            await set.ExecuteNonQueryAsync(cancel);
        await using var db = new InteractionsDbContext(new DbContextOptionsBuilder<InteractionsDbContext>().UseNpgsql(connection).Options);
        var service = new ResponsesService(db, new PublishedArticles(db, null!), null!, null!, TimeProvider.System);
        var article = stage.Article.ToString();

        var first = await service.ListResponses(new() { ArticleId = article, PageSize = 50 }, new NoCall());
        await service.ListResponses(new() { ArticleId = article, Sort = V1.ResponseSort.Newest }, new NoCall());
        var answers = await service.ListResponses(new() { ArticleId = article, ParentId = first.Responses[0].Id, PageToken = first.Responses[0].NextRepliesToken }, new NoCall());
        var single = await service.GetResponse(new() { ArticleId = article, Id = answers.Responses[0].Id }, new NoCall());

        (first.Responses.Count, first.Responses[0].Replies.Count, answers.Responses.Count, single.Ancestors.Count).ShouldBe((50, 3, 20, 1));

        plans.Where(plan => SequentialScan.IsMatch(plan)).ShouldBeEmpty();
        plans.ShouldContain(plan => plan.Contains("using response_best", StringComparison.Ordinal));
        plans.ShouldContain(plan => plan.Contains("using response_newest", StringComparison.Ordinal));
        plans.ShouldContain(plan => plan.Contains("using response_by_time", StringComparison.Ordinal));
        // No statement looks at many more rows than it shows.
        var rows = plans.SelectMany(plan => ActualRows.Matches(plan)).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Max();
        rows.ShouldBeLessThan(500, string.Join("\n\n", plans));

        var (token, pages, seen) = ("", 0, new HashSet<string>());
        do
        {
            var page = await stage.ListAsync(size: 50, token: token);
            seen.UnionWith(page.Responses.Select(r => r.Id));
            (token, pages) = (page.NextPageToken, pages + 1);
        }
        while (token != "" && pages < 200);
        seen.Count.ShouldBe(9000);
    }

    [GeneratedRegex(@"actual (?:time=\S+ )?rows=(\d+)")]
    private static partial Regex ActualRows { get; }
}
