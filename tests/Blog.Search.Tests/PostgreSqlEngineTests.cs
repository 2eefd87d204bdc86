using Blog.Search.Engines;
using Blog.Search.Engines.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Blog.Search.Tests;

/// <summary>The contract, kept by PostgreSQL.</summary>
public sealed class PostgreSqlEngineTests(SearchFixture search) : EngineContract, IAsyncDisposable
{
    readonly List<IAsyncDisposable> own = [];

    protected override ISearchEngine Engine => search.Host.Services.GetRequiredService<PostgreSqlEngine>();

    protected override async Task<ISearchEngine> OwnEngineAsync()
    {
        var host = search.StartHost(await search.Postgres.CreateDatabaseAsync());
        own.Add(host);
        return host.Services.GetRequiredService<PostgreSqlEngine>();
    }

    [Fact]
    public async Task Of_very_many_those_with_the_word_in_the_title_come_first_and_pages_go_on_beyond_them()
    {
        const int titled = 150, others = 500;
        var (engine, word) = (await OwnEngineAsync(), Make.Word());
        await engine.PutAsync([.. Enumerable.Range(0, titled + others).Select(i => i < others ? Make.Article($"Story {i}", $"{word} and again {word}") : Make.Article($"On {word} {i}", "Nothing else."))]);

        var (seen, cursor) = (new List<FoundArticle>(), (string?)null);
        do
        {
            var page = await engine.FindAsync(word, size: 50, cursor: cursor);
            page.Total.ShouldBeInRange(titled, titled + others);
            seen.AddRange(page.Articles);
            cursor = page.Next;
        } while (cursor is not null);

        seen.Count.ShouldBe(titled + others);
        seen.Select(article => article.Id).ShouldBeUnique();
        seen.Take(titled).ShouldAllBe(article => article.Title.Any(piece => piece.Found));
        seen.Skip(titled).ShouldAllBe(article => article.Title.All(piece => !piece.Found) && article.Passage.Any(piece => piece.Found));
    }

    [Fact]
    public async Task A_passage_is_found_far_down_in_a_long_text_and_where_accents_are_written_otherwise()
    {
        var engine = await OwnEngineAsync();
        var filler = string.Concat(Enumerable.Repeat("Nothing of the kind is written here. ", 200));
        await engine.PutAsync(Make.Article("One", $"{filler} Sextants measure angles. {filler} With astrolabes and sextants they sailed. {filler}"), Make.Article("Two", $"{filler} Der Übergang über die Brücke war offen. {filler}"));

        var both = (await engine.FindAsync("sextant astrolabe")).Articles.ShouldHaveSingleItem();
        both.Passage.Where(piece => piece.Found).Select(piece => piece.Text).ShouldBe(["astrolabes", "sextants"]);
        both.Passage[0].Text.ShouldStartWith("… ");
        both.Passage[^1].Text.ShouldEndWith(" …");
        (await engine.FindAsync("ubergang")).Articles.ShouldHaveSingleItem().Passage.ShouldContain(piece => piece.Found && piece.Text == "Übergang");
    }

    [Fact]
    public async Task Phrases_are_found_in_an_index_that_was_made_before_pairs_of_words_were()
    {
        var database = await search.Postgres.CreateDatabaseAsync();
        await using (var former = search.StartHost(database))
            await former.Services.GetRequiredService<PostgreSqlEngine>().PutAsync(Make.Article("One", "The borrow checker is kind."), Make.Article("Two", "The checker may borrow a book."));
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await using var forget = new NpgsqlCommand(
                """
                update index_serving.articles set words = ts_delete(words, array(select lexeme from unnest(tsvector_to_array(words)) lexeme where lexeme like '~%'));
                delete from index_serving.vocabulary where word = '~';
                """, connection);
            await forget.ExecuteNonQueryAsync();
        }
        var host = search.StartHost(database);
        own.Add(host);

        (await host.Services.GetRequiredService<PostgreSqlEngine>().TitlesAsync("\"borrow checker\"")).ShouldBe(["One"]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in own)
            await host.DisposeAsync();
    }
}
