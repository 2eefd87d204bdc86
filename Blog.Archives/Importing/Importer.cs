using System.Collections.Concurrent;
using Blog.Archives.Markdown;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Text;

namespace Blog.Archives.Importing;

/// <summary>
/// Imports an archive in two readings: the first places every article, so that links can name it, the second brings them in, several at once. Pictures are kept
/// here, links between the articles lead to them. The same archive again changes only what has changed.
/// </summary>
/// <param name="archive">What is read.</param>
/// <param name="target">Where it is kept.</param>
/// <param name="web">Fetches pictures that are not in the archive; null: their addresses stay.</param>
/// <param name="options">What the person chose.</param>
public sealed partial class Importer(Archive archive, IImportTarget target, WebPictures? web, ImportOptions options)
{
    const int AtOnce = 6;

    readonly ConcurrentDictionary<(Guid Owner, string Address), Lazy<Task<string>>> uploads = new();
    readonly ConcurrentDictionary<string, string> articles = new(StringComparer.Ordinal);
    int pictures;

    /// <summary>Pictures shown by imported articles.</summary>
    public int Pictures => pictures;

    /// <summary>Reads everything once and says what will happen; writes nothing but the authors that the target makes.</summary>
    /// <exception cref="ArchiveRefusedException">The whole cannot be read.</exception>
    public async Task<ImportPlan> PlanAsync(CancellationToken cancel)
    {
        var plan = new ImportPlan();
        var taken = new HashSet<(Guid, string)>();
        var repeated = new Dictionary<(Guid, string), int>();
        foreach (var item in archive.Read())
        {
            cancel.ThrowIfCancellationRequested();
            var number = plan.Items.Count;
            if (item is ArchiveRemark remark)
            {
                plan.Add(new(number, remark.Path, "", remark.Reason, remark.IsFailure));
                continue;
            }
            if (item is ArchiveFact fact)
            {
                plan.Add(await PlannedAsync(number, fact, plan, cancel));
                continue;
            }
            var article = (ArchiveArticle)item;
            var author = await target.AuthorAsync(article, cancel);
            var wished = article.Slug.Length > 0 ? article.Slug : ArchiveArticle.SlugOf(article.Title) is { Length: > 0 } made ? made : "article";
            var slug = wished;
            for (var n = repeated.GetValueOrDefault((author.Id, wished), 2); !taken.Add((author.Id, slug)); repeated[(author.Id, wished)] = ++n) slug = $"{wished}-{n}";
            plan.Add(new(number, article.Path, article.Title)
            {
                Draft = article.Draft || options.AsDrafts,
                Date = article.Date,
                Slug = slug,
                Author = author,
                Authors = article.Authors,
                Pictures = References.Find(article.Body, absolute: archive.Reader.FetchesPictures).Count(r => r.IsPicture) + (article.Cover is null ? 0 : 1),
                Notes = article.Notes,
            }, article);
        }
        return plan;
    }

    /// <summary>Brings in what the plan holds: stories several at once, then what names them.</summary>
    /// <param name="plan">Made of the same archive.</param>
    /// <param name="done">Items of an earlier run that are not done again, by number, each with its article here or an empty text.</param>
    /// <param name="onItem">Called after each item, from several threads.</param>
    /// <param name="cancel">Stops after the items in hand.</param>
    public async Task RunAsync(ImportPlan plan, IReadOnlyDictionary<int, string> done, Func<ImportedItem, Task> onItem, CancellationToken cancel)
    {
        foreach (var (number, article) in done)
            if (article.Length > 0 && number < plan.Items.Count) articles[plan.Items[number].Path] = article;
        var items = archive.Read().Select((item, number) => (item, number)).Where(pair => pair.number < plan.Items.Count && !done.ContainsKey(pair.number));
        await Parallel.ForEachAsync(items.Where(pair => pair.item is not ArchiveFact), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (pair, token) =>
        {
            var planned = plan.Items[pair.number];
            await onItem(pair.item is ArchiveArticle article && planned.Author is not null
                ? await ImportAsync(article, planned, plan, token)
                : new(planned.Number, planned.Path, "", planned.IsFailure ? ImportOutcome.Failed : ImportOutcome.Skipped, planned.Refusal ?? "", []));
        });
        // They come last, and most archives have none.
        if (plan.Items.All(item => item.Kind is ImportedKind.Story)) return;
        foreach (var (item, number) in items)
            if (item is ArchiveFact fact) await onItem(await ImportAsync(fact, plan.Items[number], plan, cancel));
    }

    async Task<ImportedItem> ImportAsync(ArchiveArticle article, PlannedItem planned, ImportPlan plan, CancellationToken cancel)
    {
        var notes = new ConcurrentQueue<string>(article.Notes);
        try
        {
            // A draft has one text: the newest.
            if (options.AsDrafts && article.Changes is { } newest) article = newest with { Path = article.Path, Source = article.Source, CoAuthors = article.CoAuthors };
            var (ready, cover) = await ReadyAsync(article, planned.Author!, plan, notes, cancel);
            var (changes, changesCover) = article.Changes is { } newer ? await ReadyAsync(newer, planned.Author!, plan, notes, cancel) : (null, "");
            ready = ready with { Slug = planned.Slug, Draft = planned.Draft, Withdrawn = ready.Withdrawn && !options.AsDrafts, Changes = changes };
            var (outcome, id) = await target.SaveAsync(new ReadyArticle(planned.Author!, ready, cover, [.. article.FormerAddresses.Select(FormerAddress.PathOf).Where(path => path.Length > 0).Distinct()])
            {
                ChangesCoverMediaId = changesCover,
                TranslationGroup = article.TranslationKey.Length > 0 ? NamedId.Of("translations", target.Importer, archive.Files.Name, article.TranslationKey) : null,
            }, cancel);
            articles[planned.Path] = id;
            return new(planned.Number, planned.Path, planned.Title, outcome, "", [.. notes], id);
        }
        catch (ImportRefusedException refused)
        {
            return new(planned.Number, planned.Path, planned.Title, ImportOutcome.Failed, refused.Message, [.. notes]);
        }
    }

    async Task<(ArchiveArticle Article, string CoverMediaId)> ReadyAsync(ArchiveArticle article, ArticleAuthor author, ImportPlan plan, ConcurrentQueue<string> notes, CancellationToken cancel)
    {
        var body = await RewriteAsync(article, author, plan, notes, cancel);
        var cover = article.Cover is { Length: > 0 } picture && (archive.Reader.FetchesPictures || !IsAbsolute(picture)) ? await UploadAsync(article, author, picture, notes, cancel) : null;
        return (article with { Body = body, CoverAlt = cover is null ? "" : article.CoverAlt }, cover ?? "");
    }

    async Task<string> RewriteAsync(ArchiveArticle article, ArticleAuthor author, ImportPlan plan, ConcurrentQueue<string> notes, CancellationToken cancel)
    {
        var changes = new List<(Reference, string)>();
        foreach (var reference in References.Find(article.Body, absolute: archive.Reader.FetchesPictures))
        {
            if (reference.IsPicture)
            {
                var (address, size) = PictureSize.Split(reference.Address);
                if (await UploadAsync(article, author, address, notes, cancel) is { } id) changes.Add((reference, $"/media/{id}{size}"));
            }
            else if (Target(article, reference.Address, plan, notes) is { } target)
            {
                changes.Add((reference, target));
            }
        }
        return References.Replace(article.Body, changes);
    }

    string? Target(ArchiveArticle from, string address, ImportPlan plan, ConcurrentQueue<string> notes)
    {
        try
        {
            var path = IsAbsolute(address) ? null : archive.Files.Resolve(from.Path, address);
            var target = path is not null ? plan.AtPath(path) : AtFormer(address, plan);
            if (target?.Author is not { } author) return null;
            var fragment = address.IndexOf('#', StringComparison.Ordinal);
            return $"/@{author.Handle}/{Uri.EscapeDataString(target.Slug)}{(fragment < 0 ? "" : address[fragment..])}";
        }
        catch (UnauthorizedAccessException outside)
        {
            notes.Enqueue($"the link {outside.Message} and was left as it is");
            return null;
        }
    }

    PlannedItem? AtFormer(string address, ImportPlan plan)
    {
        if (plan.AtAddress(FormerAddress.Key(address)) is { } found) return found;
        // Archives that do not know their own address name articles by path alone.
        return options.Site is { } site && IsAbsolute(address) && Uri.TryCreate(address, UriKind.Absolute, out var uri) && FormerAddress.Key(uri.GetLeftPart(UriPartial.Authority)) == FormerAddress.Key(site.GetLeftPart(UriPartial.Authority))
            ? plan.AtAddress(FormerAddress.PathOf(address))
            : null;
    }

    async Task<string?> UploadAsync(ArchiveArticle article, ArticleAuthor author, string address, ConcurrentQueue<string> notes, CancellationToken cancel)
    {
        var shown = ArchiveArticle.Shortened(address, 300);
        try
        {
            if (InArchive(article, address) is { } path)
            {
                var id = await uploads.GetOrAdd((author.Id, path), key => new(() => SendAsync(key.Owner, path, cancel))).Value;
                Interlocked.Increment(ref pictures);
                return id;
            }
            if (OnTheWeb(address) is not { } uri)
            {
                notes.Enqueue(archive.Reader.FetchesPictures ? $"the picture {shown} is not in the archive; its address was kept" : $"the picture {shown} does not exist");
                return null;
            }
            if (web is null) return null;
            var fetched = await uploads.GetOrAdd((author.Id, uri.AbsoluteUri), key => new(() => FetchAsync(key.Owner, uri, cancel))).Value;
            Interlocked.Increment(ref pictures);
            return fetched;
        }
        catch (UnauthorizedAccessException outside)
        {
            notes.Enqueue($"the picture {outside.Message} and was left out");
        }
        catch (Exception refused) when (refused is ImportRefusedException or ArchiveRefusedException)
        {
            notes.Enqueue($"the picture {shown} was not taken, its address was kept: {refused.Message}");
        }
        return null;
    }

    string? InArchive(ArchiveArticle article, string address)
    {
        if (!IsAbsolute(address)) return archive.Files.Resolve(article.Path, address);
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.AbsolutePath.Length > 1 ? archive.Files.Resolve(article.Path, uri.AbsolutePath) : null;
    }

    Uri? OnTheWeb(string address)
    {
        if (address.StartsWith("//", StringComparison.Ordinal)) address = "https:" + address;
        if (IsAbsolute(address)) return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
        return archive.Reader.FetchesPictures && options.Site is { } site && Uri.TryCreate(site, address, out var joined) ? joined : null;
    }

    async Task<string> SendAsync(Guid owner, string path, CancellationToken cancel)
    {
        await using var bytes = archive.Files.OpenRead(path);
        return await target.UploadAsync(owner, Path.GetFileName(path), bytes, cancel);
    }

    async Task<string> FetchAsync(Guid owner, Uri address, CancellationToken cancel)
    {
        await using var bytes = await web!.FetchAsync(address, cancel);
        return await target.UploadAsync(owner, Path.GetFileName(address.AbsolutePath), bytes, cancel);
    }

    // A path is no address, though Unix takes it for one.
    static bool IsAbsolute(string address) => address.StartsWith("//", StringComparison.Ordinal) || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}
