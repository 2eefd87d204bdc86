using Blog.Recommendations.Similarity;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Recommendations.Tests;

public sealed class TopicSuggestionTests(RecommendationsFixture blog)
{
    readonly Guid writer = Guid.CreateVersion7();
    readonly string harbour = $"harbour-{Guid.NewGuid():N}", kitchen = $"kitchen-{Guid.NewGuid():N}";
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    async Task<string[]> SuggestedAsync(string title, string markdown, int size = 20) =>
        [.. (await blog.As(writer).SuggestTopicsForTextAsync(new() { Title = title, Markdown = markdown, PageSize = size }, cancellationToken: Cancel)).Topics];

    [Fact]
    public async Task A_text_is_given_the_topics_of_stories_with_like_words()
    {
        const string Ships = "Drydock caulkers hammered oakum between strakes of the hull until the pilot cutter floated.", Jam = "Quinces simmer with cardamom until the preserving pan thickens.";
        await blog.PublishAsync(
            [.. Enumerable.Range(0, 3).Select(_ => new Story(Guid.CreateVersion7(), harbour) { Html = $"<p>{Ships}</p>", Time = Story.LongAgo }), new Story(Guid.CreateVersion7(), kitchen) { Html = $"<p>{Jam}</p>", Time = Story.LongAgo }]);
        await RecommendationsFixture.Until(async () => (await SuggestedAsync("", Ships)).Contains(harbour) && (await SuggestedAsync("", Jam)).Contains(kitchen));

        // Words that no story of another test has, not even "the": among few stories that would be a likeness.
        (await SuggestedAsync("Caulkers", "*Drydock* smelling oakum; strakes, hull, [cutter](https://elsewhere.example/jam).")).ShouldBe([harbour]);
        // What stands in code or in an address is no word of a story.
        (await SuggestedAsync("Plain", "```\nquinces simmer cardamom preserving\n```\n<https://quinces.example/simmer/cardamom>")).ShouldBeEmpty();
        (await SuggestedAsync("", "")).ShouldBeEmpty();
        (await SuggestedAsync("Both", $"{Ships} {Jam}", size: 1)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_text_that_is_too_long_or_of_nobody_is_refused()
    {
        (await Should.ThrowAsync<RpcException>(() => SuggestedAsync("", new string('a', 100_001)))).Violates("markdown").ShouldBeTrue();
        (await Should.ThrowAsync<RpcException>(() => SuggestedAsync(new string('a', 1_001), ""))).Violates("title").ShouldBeTrue();
        (await Should.ThrowAsync<RpcException>(async () => await new V1.ForYou.ForYouClient(blog.Host.CallInvoker()).SuggestTopicsForTextAsync(new(), cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Theory]
    [InlineData("```cs\nhidden\n```\nseen", "seen")]
    [InlineData("~~~\nhidden", "")]
    [InlineData("[seen](https://hidden.example/hidden \"also\")", "seen also")]
    [InlineData("![seen](/media/hidden) <span class=\"hidden\">more</span>", "seen more")]
    public void Words_of_Markdown_are_those_one_reads(string markdown, string words)
    {
        var expected = new Dictionary<int, float>();
        Words.Add(expected, words, 1);
        Words.CountMarkdown("", markdown).ShouldBe(expected, ignoreOrder: true);
    }
}
