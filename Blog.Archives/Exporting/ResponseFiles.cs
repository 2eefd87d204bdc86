using Blog.Archives.Own;
using Blog.Archives.Writing;
using Blog.Interactions.V1;

namespace Blog.Archives.Exporting;

/// <summary>What was said under stories: a file for each story that has responses. Others are named by what they are called here, which is all that another site can know of them.</summary>
sealed class ResponseFiles(Site site, IArchiveSink sink, ArchiveLayout layout)
{
    const int PageSize = 100;

    /// <returns>The file; null: there is nothing to say.</returns>
    /// <param name="personId">Who exports.</param>
    /// <param name="isOwner">What that person said is their own wherever it goes, and they see what they hid.</param>
    /// <param name="articleId">In the layout.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<string?> WriteAsync(string personId, bool isOwner, string articleId, CancellationToken cancel)
    {
        var locked = false;
        var all = await Site.AllAsync<ExportedResponse>(async token =>
        {
            var page = await site.Portability.ListExportedResponsesAsync(new() { PersonId = personId, ArticleId = articleId, PageSize = PageSize, PageToken = token }, cancellationToken: cancel);
            locked = page.Locked;
            return (page.Responses, page.NextPageToken);
        }).Where(response => isOwner || response.State != ResponseState.Hidden).ToListAsync(cancel);
        if (all.Count == 0 && !locked) return null;

        var people = await site.PeopleAsync(all.Select(response => response.AuthorId), cancel);
        string? NameOf(ExportedResponse response) => (response.AuthorId.Length > 0 ? people.GetValueOrDefault(response.AuthorId)?.Name : response.AuthorName).OrNull();
        var story = layout.PathOf(articleId)!;
        var sorted = Sorted(all, NameOf);
        var numbers = sorted.Select((response, at) => (response.Id, Number: at + 1)).ToDictionary(pair => pair.Id, pair => pair.Number, StringComparer.Ordinal);
        var path = layout.Free("responses", ArchiveLayout.NameOf(story), "json");
        await sink.AddAsync(path, FactFiles.Write(new FactFiles.ResponsesFile(FactFiles.ResponsesFormat, $"../{ArchiveLayout.Linked(story)}", locked, sorted.Select(response =>
        {
            var own = isOwner && response.AuthorId == personId;
            return new FactFiles.Response(numbers[response.Id], numbers.GetValueOrDefault(response.ParentId), own, own ? null : NameOf(response),
                response.State switch { ResponseState.Deleted => "deleted", ResponseState.Hidden => "hidden", _ => null }, response.CreateTime.ToDateTime(), response.EditTime?.ToDateTime(), response.Markdown.OrNull());
        }).OrNull())), cancel);
        return path;
    }

    /// <summary>Each after what it answers, and otherwise by what it says, not by the ids that it has here.</summary>
    static List<ExportedResponse> Sorted(List<ExportedResponse> all, Func<ExportedResponse, string?> nameOf)
    {
        var present = all.Select(response => response.Id).ToHashSet(StringComparer.Ordinal);
        var answers = all.ToLookup(response => present.Contains(response.ParentId) ? response.ParentId : "");
        var (sorted, waiting) = (new List<ExportedResponse>(), new PriorityQueue<ExportedResponse, (DateTime, string, string, int)>(Comparer<(DateTime Time, string Text, string Name, int Parent)>.Create((a, b) =>
            a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.Text, b.Text) is not 0 and var text ? text : string.CompareOrdinal(a.Name, b.Name) is not 0 and var name ? name : a.Parent.CompareTo(b.Parent))));
        void Queue(string parent, int number)
        {
            foreach (var response in answers[parent]) waiting.Enqueue(response, (response.CreateTime.ToDateTime(), response.Markdown, nameOf(response) ?? "", number));
        }
        Queue("", 0);
        while (waiting.TryDequeue(out var next, out _))
        {
            sorted.Add(next);
            Queue(next.Id, sorted.Count);
        }
        return sorted;
    }
}
