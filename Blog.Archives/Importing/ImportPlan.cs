using Blog.ServiceDefaults.Text;

namespace Blog.Archives.Importing;

/// <summary>What a run is told.</summary>
public sealed record ImportOptions
{
    /// <summary>Everything becomes a draft.</summary>
    public bool AsDrafts { get; init; }

    /// <summary>Where the former site is or was: pictures and links that name no host are found there. Null: unknown.</summary>
    public Uri? Site { get; init; }
}

/// <summary>What will happen to one item of an archive. Nothing is kept of its text.</summary>
/// <param name="Number">Counted from 0, in the order of reading.</param>
/// <param name="Path">Where in the archive.</param>
/// <param name="Title">Empty for what is no article.</param>
/// <param name="Refusal">Why it is not imported; null: it will be.</param>
/// <param name="IsFailure">It should have been, and cannot be read.</param>
public sealed record PlannedItem(int Number, string Path, string Title, string? Refusal = null, bool IsFailure = false)
{
    public bool Draft { get; init; }
    public DateTimeOffset? Date { get; init; }
    public string Slug { get; init; } = "";
    public ArticleAuthor? Author { get; init; }
    public IReadOnlyList<string> Authors { get; init; } = [];
    public int Pictures { get; init; }

    /// <summary>What it is; of what is no story, how many entries it has.</summary>
    public ImportedKind Kind { get; init; }
    public int Entries { get; init; }
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>What an item of an archive is; the numbers are stored.</summary>
public enum ImportedKind
{
    /// <summary>Or no story.</summary>
    Story = 0,
    Series = 1,
    List = 2,

    /// <summary>To a story of the archive.</summary>
    Responses = 3,

    /// <summary>To stories of others.</summary>
    OwnResponses = 4,
    Publication = 5,
}

/// <summary>Everything an archive holds, placed: authors, addresses, and how its articles find one another.</summary>
public sealed class ImportPlan
{
    readonly Dictionary<string, PlannedItem> byPath = new(StringComparer.Ordinal);
    readonly Dictionary<string, PlannedItem> byAddress = new(StringComparer.Ordinal);
    readonly List<PlannedItem> items = [];

    public IReadOnlyList<PlannedItem> Items => items;

    /// <summary>Whose everything beside stories becomes; null: nobody's.</summary>
    internal ArticleAuthor? Owner { get; set; }

    internal void Add(PlannedItem item, ArchiveArticle? article = null)
    {
        items.Add(item);
        if (article is null) return;
        byPath.TryAdd(article.Path, item);
        foreach (var address in article.FormerAddresses) byAddress.TryAdd(FormerAddress.Key(address), item);
    }

    internal PlannedItem? AtPath(string path) => byPath.GetValueOrDefault(path);

    internal PlannedItem? AtAddress(string key) => key.Length == 0 ? null : byAddress.GetValueOrDefault(key);
}

/// <summary>What became of one item.</summary>
/// <param name="Number">As in the plan.</param>
/// <param name="Path">Where in the archive.</param>
/// <param name="Title">Empty for what is no article.</param>
/// <param name="Outcome">What was done.</param>
/// <param name="Reason">Why not, when it was not.</param>
/// <param name="Notes">What was changed or left out.</param>
/// <param name="ArticleId">The article here, when there is one.</param>
public sealed record ImportedItem(int Number, string Path, string Title, ImportOutcome Outcome, string Reason, IReadOnlyList<string> Notes, string ArticleId = "");
