namespace Blog.Archives.Importing;

/// <summary>What an archive holds beside stories.</summary>
partial class Importer
{
    async Task<PlannedItem> PlannedAsync(int number, ArchiveFact fact, CancellationToken cancel) =>
        new(number, fact.Path, fact.Title, await target.OwnerAsync(cancel) is null ? "it belongs to a person: say to whom (--as)" : null)
        {
            Entries = fact.Entries,
            Kind = fact switch { ArchiveSeries => ImportedKind.Series, ArchiveList => ImportedKind.List, ArchiveThread => ImportedKind.Responses, _ => ImportedKind.OwnResponses },
        };

    async Task<ImportedItem> ImportAsync(ArchiveFact fact, PlannedItem planned, CancellationToken cancel)
    {
        ImportedItem Ended(ImportOutcome outcome, string reason, IReadOnlyList<string>? notes = null) => new(planned.Number, planned.Path, planned.Title, outcome, reason, notes ?? []);
        try
        {
            if (await target.OwnerAsync(cancel) is not { } owner) return Ended(ImportOutcome.Skipped, planned.Refusal ?? "");
            var (outcome, notes) = await target.SaveAsync(new ReadyFact(owner, $"{archive.Files.Name}:{fact.Path}", fact, Named(fact)), cancel);
            return Ended(outcome, "", notes);
        }
        catch (ImportRefusedException refused)
        {
            return Ended(ImportOutcome.Failed, refused.Message);
        }
    }

    /// <summary>The stories that a fact names and that came with it.</summary>
    Dictionary<string, string> Named(ArchiveFact fact)
    {
        IEnumerable<string?> addresses = fact switch
        {
            ArchiveSeries series => series.Parts,
            ArchiveList list => list.Items.Select(item => item.Story),
            ArchiveThread thread => [thread.Story],
            _ => [],
        };
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var address in addresses.OfType<string>())
            if (Within(fact.Path, address) is { } path && articles.TryGetValue(path, out var id)) named[address] = id;
        return named;
    }

    string? Within(string from, string address)
    {
        try
        {
            return archive.Files.Resolve(from, address);
        }
        catch (UnauthorizedAccessException)
        {
            // A story outside of the archive is none of it.
            return null;
        }
    }
}
