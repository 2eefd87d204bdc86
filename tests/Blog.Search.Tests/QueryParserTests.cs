using Blog.Search.Queries;

namespace Blog.Search.Tests;

public sealed class QueryParserTests
{
    [Fact]
    public void Words_phrases_and_exclusions_are_told_apart() => QueryParser.Parse("fast \"borrow checker\" -slow -\"old one\" co-author").Parts.ShouldBe(
        [new("fast"), new("borrow checker", IsPhrase: true), new("slow", Excluded: true), new("old one", IsPhrase: true, Excluded: true), new("co-author")]);

    [Fact]
    public void Operators_are_filters()
    {
        var query = QueryParser.Parse("rust author:@Ada -author:bob topic:\"web assembly\" tag:C++ -topic:go lang:pt-BR after:2023 before:2024-05-01");
        query.Parts.ShouldBe([new("rust")]);
        query.Authors.ShouldBe(["ada"]);
        query.ExcludedAuthors.ShouldBe(["bob"]);
        query.Topics.ShouldBe(["web-assembly", "cpp"]);
        query.ExcludedTopics.ShouldBe(["go"]);
        query.Language.ShouldBe("pt");
        query.After.ShouldBe(new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero));
        query.Before.ShouldBe(new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("before:yesterday")]
    [InlineData("lang:")]
    [InlineData("topic:")]
    [InlineData("std::mem")]
    [InlineData("https://example.com")]
    [InlineData("after:2024-13-45")]
    public void What_is_no_operator_is_looked_for_as_words(string text) => QueryParser.Parse(text).Parts.ShouldBe([new(text)]);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\"\"")]
    [InlineData("!?…—*&|")]
    [InlineData("-")]
    [InlineData("- - \" '")]
    [InlineData("\u0000\u0007\u001b")]
    [InlineData("-word")]
    public void Nothing_to_look_for_is_empty(string text) => QueryParser.Parse(text).IsEmpty.ShouldBeTrue();

    [Theory]
    [InlineData("\"unbalanced quote")]
    [InlineData("unbalanced\" quote")]
    public void A_quotation_mark_without_its_partner_is_nothing(string text) => QueryParser.Parse(text).Parts.ShouldBe([new("unbalanced"), new("quote")]);

    [Fact]
    public void Other_quotation_marks_and_control_characters_are_understood() =>
        QueryParser.Parse("„guten\u0000Morgen“\tda").Parts.ShouldBe([new("guten Morgen", IsPhrase: true), new("da")]);

    [Fact]
    public void What_was_read_is_written_as_it_was_typed()
    {
        const string text = "fast \"borrow checker\" -slow author:ada topic:rust lang:de after:2023-01-01";
        QueryParser.Parse(text).ToText().ShouldBe(text);
    }

    [Fact]
    public void Words_beyond_the_limit_are_passed_over() =>
        QueryParser.Parse(string.Join(' ', Enumerable.Range(0, 500).Select(i => $"w{i}"))).Parts.Count.ShouldBe(QueryParser.MaxParts);
}
