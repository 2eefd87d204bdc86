using Blog.Recommendations.Data;
using Blog.Recommendations.Similarity;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Recommendations.Serving;

partial class ForYouService
{
    const int LongestTitle = 1_000, LongestText = 100_000;

    /// <summary>
    /// Topics of the published stories whose words are most like those of the text, as "read next" finds them: each story counts by how similar it is. One that a single and not very
    /// similar story has tells nothing.
    /// </summary>
    public override async Task<V1.SuggestTopicsForTextResponse> SuggestTopicsForText(V1.SuggestTopicsForTextRequest request, ServerCallContext context)
    {
        const double LeastTogether = 0.15;
        var (cancel, size) = (context.CancellationToken, PageToken.Size(request.PageSize));
        if (request.Title.Length > LongestTitle || request.Markdown.Length > LongestText)
            throw RpcErrors.InvalidArgument((request.Title.Length > LongestTitle ? "title" : "markdown", $"A title has up to {LongestTitle} characters, a text up to {LongestText} of which topics are suggested."));
        await catalogue.LoadedAsync(cancel);
        var counts = Words.CountMarkdown(request.Title, request.Markdown);
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        var corpus = (await connection.ListAsync<int>("select count(*)::int from vectors", [], cancel))[0];
        if (counts.Count == 0 || corpus == 0)
            return new V1.SuggestTopicsForTextResponse();
        var nearest = await connection.NearestAsync(await connection.WeightsAsync([.. counts.Keys], [.. counts.Values], corpus, cancel), null, cancel);
        var topics = nearest.Numbers.Zip(nearest.Scores, (number, score) => (Article: catalogue.Find(number), Score: score))
            .SelectMany(near => (near.Article?.Topics ?? []).Select(topic => (Topic: topic, near.Score)))
            .GroupBy(each => each.Topic, (topic, each) => (Topic: topic, Score: each.Sum(one => one.Score)), StringComparer.Ordinal);
        return new V1.SuggestTopicsForTextResponse { Topics = { topics.Where(each => each.Score >= LeastTogether).OrderByDescending(each => each.Score).ThenBy(each => each.Topic, StringComparer.Ordinal).Take(size).Select(each => each.Topic) } };
    }
}
