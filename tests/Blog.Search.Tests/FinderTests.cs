using Blog.Events.V1;
using Blog.Search.Engines;
using Blog.Search.V1;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Search.Tests;

/// <summary>The service as others call it: what it answers to people, and to whatever else comes in.</summary>
public sealed class FinderTests(SearchFixture search)
{
    [Fact]
    public async Task An_article_is_found_with_its_marks_facets_and_total()
    {
        var word = Make.Word();
        var article = Make.Article($"On {word}") with { Topics = [new("rust", "Rust")] };
        await search.Engine.PutAsync(article);

        var answer = await search.Anonymous.SearchArticlesAsync(new() { Query = word });
        var hit = answer.Hits.ShouldHaveSingleItem();
        hit.ArticleId.ShouldBe(article.Id);
        hit.Title.ShouldBe([new Piece { Text = "On " }, new Piece { Text = word, Found = true }]);
        answer.Total.ShouldBe(1);
        answer.Topics.ShouldBe([new Facet { Id = "rust", Count = 1 }]);
        answer.NextPageToken.ShouldBe("");
    }

    [Fact]
    public async Task Muted_and_blocked_people_and_who_blocked_the_reader_are_left_out_for_this_reader_alone()
    {
        var (word, reader) = (Make.Word(), Guid.CreateVersion7());
        var articles = Enumerable.Range(0, 4).Select(i => Make.Article($"{word} {i}")).ToList();
        await search.Engine.PutAsync([.. articles, .. articles.Select(article => new PersonDocument(article.AuthorId.ToString(), 1) { Name = $"{word} person", Handle = "x" })]);
        await search.SettledAsync(
            await Relate(reader, articles[0].AuthorId, muted: true), await Relate(reader, articles[1].AuthorId, blocked: true), await Relate(articles[2].AuthorId, reader, blocked: true));

        (await search.As(reader).SearchArticlesAsync(new() { Query = word })).Hits.ShouldHaveSingleItem().ArticleId.ShouldBe(articles[3].Id);
        (await search.As(reader).SearchPeopleAsync(new() { Query = word })).Hits.ShouldHaveSingleItem().PersonId.ShouldBe(articles[3].AuthorId.ToString());
        (await search.As(reader).SuggestAsync(new() { Prefix = word })).Articles.Count.ShouldBe(1);
        (await search.Anonymous.SearchArticlesAsync(new() { Query = word })).Hits.Count.ShouldBe(4);
        (await search.As(Guid.CreateVersion7()).SearchArticlesAsync(new() { Query = word })).Hits.Count.ShouldBe(4);

        Task<Guid> Relate(Guid person, Guid other, bool muted = false, bool blocked = false) =>
            search.SendAsync(Topics.Relations, person, new RelationChanged { PersonId = person.ToString(), OtherId = other.ToString(), Muted = muted, Blocked = blocked });
    }

    [Fact]
    public async Task Drafts_need_a_person_and_are_that_persons_own()
    {
        var (word, owner) = (Make.Word(), Guid.CreateVersion7());
        await search.Engine.PutAsync(new DraftDocument(Guid.CreateVersion7().ToString(), 1) { OwnerId = owner, Title = $"Draft {word}", UpdateTime = DateTimeOffset.UtcNow });

        (await search.As(owner).SearchMyDraftsAsync(new() { Query = word })).Hits.ShouldHaveSingleItem();
        (await search.As(Guid.CreateVersion7()).SearchMyDraftsAsync(new() { Query = word })).Hits.ShouldBeEmpty();
        (await search.Anonymous.SearchMyDraftsAsync(new() { Query = word }).FailsAsync()).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await search.Anonymous.SearchArticlesAsync(new() { Query = word })).Hits.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_token_belongs_to_its_search()
    {
        var word = Make.Word();
        await search.Engine.PutAsync([.. Enumerable.Range(0, 5).Select(i => Make.Article($"{word} {i}"))]);
        var first = await search.Anonymous.SearchArticlesAsync(new() { Query = word, PageSize = 2 });

        (await search.Anonymous.SearchArticlesAsync(new() { Query = word, PageSize = 3, PageToken = first.NextPageToken })).Hits.Count.ShouldBe(3);
        foreach (var other in (SearchArticlesRequest[])[
            new() { Query = "other", PageToken = first.NextPageToken }, new() { Query = word, Sort = Sort.Newest, PageToken = first.NextPageToken },
            new() { Query = word, PageToken = "rubbish" }, new() { Query = word, PageToken = new string('A', 20_000) }])
        {
            var refused = await search.Anonymous.SearchArticlesAsync(other).FailsAsync();
            refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            refused.Detail<Google.Rpc.BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("page_token");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("!!! ??? ***")]
    [InlineData("\"")]
    [InlineData("\"\"\"\"")]
    [InlineData("-only -exclusions")]
    [InlineData("\u0000\u0001\u001b[")]
    public async Task Nothing_to_look_for_is_told(string query)
    {
        var refused = await search.Anonymous.SearchArticlesAsync(new() { Query = query }).FailsAsync();
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Detail<Google.Rpc.BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("query");
    }

    [Fact]
    public async Task A_query_of_ten_kilobytes_is_refused_everywhere()
    {
        var query = new string('x', 10_000);
        (await search.Anonymous.SearchArticlesAsync(new() { Query = query }).FailsAsync()).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await search.Anonymous.SearchPeopleAsync(new() { Query = query }).FailsAsync()).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await search.Anonymous.SearchTopicsAsync(new() { Query = query }).FailsAsync()).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await search.As(Guid.CreateVersion7()).SearchMyDraftsAsync(new() { Query = query }).FailsAsync()).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await search.Anonymous.SuggestAsync(new() { Prefix = query })).Queries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("'; drop table articles; --")]
    [InlineData("' or '1'='1")]
    [InlineData("a' & 'b | !c:* <-> d")]
    [InlineData("foo:* & (bar | !baz) <3> qux")]
    [InlineData("{\"query\": {\"match_all\": {}}}")]
    [InlineData("\\")]
    [InlineData("a\\' b\\\\")]
    [InlineData("%_% [a-z]* ^$ (((")]
    [InlineData("\"unbalanced quote and \\\" more")]
    [InlineData("author: topic: lang: before: after:")]
    [InlineData("author:'x' topic:%% lang:zz before:0001-01-01 after:9999-12-31")]
    [InlineData("\ud83d\ude00 emoji \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67")]
    [InlineData("abc\u0000def\u0007ghi\u202e")]
    [InlineData("٠١٢ ①②③ ﷽ ǅ ﬃ")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("::::::::")]
    [InlineData("a.b.c.d.e.f.g.h.i.j")]
    [InlineData("1.2.3.4.5.6.7.8.9")]
    [InlineData("-------- --x -\"y")]
    public async Task Whatever_is_typed_is_answered_or_refused_politely(string query)
    {
        foreach (var call in (Func<Task>[])[
            async () => await search.Anonymous.SearchArticlesAsync(new() { Query = query }),
            async () => await search.Anonymous.SearchArticlesAsync(new() { Query = query, Sort = Sort.Newest }),
            async () => await search.Anonymous.SearchPeopleAsync(new() { Query = query }),
            async () => await search.Anonymous.SearchTopicsAsync(new() { Query = query }),
            async () => await search.Anonymous.SuggestAsync(new() { Prefix = query }),
            async () => await search.As(Guid.CreateVersion7()).SearchMyDraftsAsync(new() { Query = query })])
            try
            {
                await call();
            }
            catch (RpcException refused)
            {
                refused.StatusCode.ShouldBe(StatusCode.InvalidArgument, refused.Status.Detail);
            }
    }

    [Fact]
    public async Task A_thousand_characters_of_anything_are_answered()
    {
        var random = new Random(5);
        for (var round = 0; round < 20; round++)
        {
            var query = string.Concat(Enumerable.Range(0, 300).Select(_ => char.ConvertFromUtf32(random.Next(4) switch { 0 => random.Next(0x20, 0x7f), 1 => random.Next(0xa0, 0x3000), 2 => random.Next(0x3000, 0xd800), _ => random.Next(0x10000, 0x1ffff) })));
            try
            {
                await search.Anonymous.SearchArticlesAsync(new() { Query = query });
            }
            catch (RpcException refused)
            {
                refused.StatusCode.ShouldBe(StatusCode.InvalidArgument, query);
            }
        }
    }

    [Fact]
    public async Task Pages_ten_thousand_deep_end_where_the_articles_do()
    {
        var word = Make.Word();
        await search.Engine.PutAsync([.. Enumerable.Range(0, 130).Select(i => Make.Article($"{word} {i}"))]);

        var (pages, token) = (0, "");
        do
        {
            var page = await search.Anonymous.SearchArticlesAsync(new() { Query = word, PageSize = 1, PageToken = token });
            page.Hits.Count.ShouldBe(1);
            token = page.NextPageToken;
            pages++;
        } while (token.Length > 0 && pages < 10_000);
        pages.ShouldBe(130);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_in_time_is_told_as_away()
    {
        var database = await search.Postgres.CreateDatabaseAsync();
        await using var host = search.StartHost(database, ("Blog:Search:Timeout", "00:00:00.200"));
        var finder = new Finder.FinderClient(host.CallInvoker());
        (await finder.SearchArticlesAsync(new() { Query = "anything" })).Total.ShouldBe(0);

        await using var source = Npgsql.NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var locking = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var hold = new Npgsql.NpgsqlCommand("lock table index_serving.articles, index_serving.names in access exclusive mode", connection);
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            var away = await finder.SearchArticlesAsync(new() { Query = "anything" }).FailsAsync();
            (away.StatusCode, away.Reason()).ShouldBe((StatusCode.Unavailable, "ENGINE_AWAY"));
            (await finder.SearchPeopleAsync(new() { Query = "anybody" }).FailsAsync()).Reason().ShouldBe("ENGINE_AWAY");
        }
        (await finder.SearchArticlesAsync(new() { Query = "anything" })).Total.ShouldBe(0);
    }
}
