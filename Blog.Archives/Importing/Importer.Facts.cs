namespace Blog.Archives.Importing;

/// <summary>What an archive holds beside stories.</summary>
partial class Importer
{
    async Task<PlannedItem> PlannedAsync(int number, ArchiveFact fact, ImportPlan plan, CancellationToken cancel)
    {
        // A publication comes first, and its owner has what was said under its stories.
        plan.Owner ??= fact is ArchivePublication { Members: [{ Role: ArchiveRole.Owner } owner, ..] } ? await target.MemberAsync(owner.Name, cancel) : null;
        plan.Owner ??= await target.OwnerAsync(cancel);
        return new(number, fact.Path, fact.Title, plan.Owner is null ? "it belongs to a person: say to whom (--as)" : null)
        {
            Entries = fact.Entries,
            Kind = fact switch
            {
                ArchiveSeries => ImportedKind.Series,
                ArchiveList => ImportedKind.List,
                ArchiveThread => ImportedKind.Responses,
                ArchivePublication => ImportedKind.Publication,
                _ => ImportedKind.OwnResponses,
            },
        };
    }

    async Task<ImportedItem> ImportAsync(ArchiveFact fact, PlannedItem planned, ImportPlan plan, CancellationToken cancel)
    {
        ImportedItem Ended(ImportOutcome outcome, string reason, IReadOnlyList<string>? notes = null) => new(planned.Number, planned.Path, planned.Title, outcome, reason, notes ?? []);
        try
        {
            if (plan.Owner is not { } owner) return Ended(ImportOutcome.Skipped, planned.Refusal ?? "");
            var ready = new ReadyFact(owner, $"{archive.Files.Name}:{fact.Path}", fact, Named(fact));
            var own = new List<string>();
            if (fact is ArchivePublication publication) ready = await WithPeopleAsync(ready, publication, own, cancel);
            var (outcome, notes) = await target.SaveAsync(ready, cancel);
            return Ended(outcome, "", [.. own, .. notes]);
        }
        catch (ImportRefusedException refused)
        {
            return Ended(ImportOutcome.Failed, refused.Message);
        }
    }

    async Task<ReadyFact> WithPeopleAsync(ReadyFact ready, ArchivePublication publication, List<string> notes, CancellationToken cancel)
    {
        var members = new List<(Guid, ArchiveMember)>();
        var invite = new List<string>();
        foreach (var member in publication.Members)
        {
            if (await target.MemberAsync(member.Name, cancel) is { } person) members.Add((person.Id, member));
            else invite.Add(member.Name);
        }
        if (invite.Count > 0) notes.Add($"people join by consent; they can be invited: {string.Join(", ", invite)}");
        return ready with { Members = members, PictureMediaId = await PictureAsync(ready.Owner, publication, notes, cancel) };
    }

    async Task<string> PictureAsync(ArticleAuthor owner, ArchivePublication publication, List<string> notes, CancellationToken cancel)
    {
        if (publication.Picture is not { } picture) return "";
        try
        {
            if (Within(publication.Path, picture) is { } path) return await SendAsync(owner.Id, path, cancel);
            notes.Add("its picture is not in the archive");
        }
        catch (Exception refused) when (refused is ImportRefusedException or ArchiveRefusedException)
        {
            notes.Add($"its picture was not taken: {refused.Message}");
        }
        return "";
    }

    /// <summary>The stories that a fact names and that came with it.</summary>
    Dictionary<string, string> Named(ArchiveFact fact)
    {
        IEnumerable<string?> addresses = fact switch
        {
            ArchiveSeries series => series.Parts,
            ArchivePublication publication => publication.Stories,
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
            // What lies outside of the archive is none of it.
            return null;
        }
    }
}
