using System.Collections.Concurrent;
using Blog.Content.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Cli.Import;

/// <summary>What became of one file, or of one thing in it.</summary>
enum Outcome { Created, Updated, Unchanged, Skipped, Failed, Noted }

/// <summary>A line of the report.</summary>
sealed record ReportLine(string Path, Outcome Outcome, string Reason = "");

/// <summary>
/// Imports a folder of Markdown: authors become unclaimed profiles unless <paramref name="only"/> names who all of it belongs to, pictures
/// are uploaded, links between the articles keep working. The same folder again changes only what has changed.
/// </summary>
sealed class Importer(SourceFolder folder, Authors authors, Articles.ArticlesClient articles, Media.MediaClient media, Author? only)
{
    readonly ConcurrentDictionary<(Guid Owner, string Path), Lazy<Task<MediaItem>>> uploads = new();
    readonly ConcurrentQueue<ReportLine> report = new();
    int pictures;

    /// <summary>Pictures shown by imported articles.</summary>
    public int Pictures => pictures;

    /// <param name="onFile">Called after each file.</param>
    /// <param name="onCount">Called once with the number of files.</param>
    public async Task<IReadOnlyList<ReportLine>> RunAsync(Action<int> onCount, Action onFile, CancellationToken cancel)
    {
        var files = await ReadAll(cancel);
        onCount(files.Count);
        var placed = await Place(files, cancel);
        var byPath = placed.ToDictionary(p => p.File.Path, StringComparer.Ordinal);
        await Parallel.ForEachAsync(placed, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = cancel }, async (article, token) =>
        {
            await Import(article, byPath, token);
            onFile();
        });
        return [.. report.OrderBy(line => line.Path, StringComparer.Ordinal)];
    }

    async Task<List<ArticleFile>> ReadAll(CancellationToken cancel)
    {
        var files = new List<ArticleFile>();
        foreach (var path in folder.MarkdownFiles())
        {
            if (Path.GetFileName(path) is "_index.md" or "README.md")
            {
                report.Enqueue(new(path, Outcome.Skipped, "describes a folder, is not an article"));
                continue;
            }
            try
            {
                var file = ArticleFile.Read(path, await folder.ReadText(path, cancel));
                if (string.IsNullOrWhiteSpace(file.Body) && !file.Draft) report.Enqueue(new(path, Outcome.Skipped, "has no text"));
                else files.Add(file);
            }
            catch (FormatException wrong)
            {
                report.Enqueue(new(path, Outcome.Failed, $"its front matter cannot be read: {wrong.Message}"));
            }
        }
        return files;
    }

    /// <summary>Gives every article its author and an address that no other article of that author has, before any is sent, so that links can name it.</summary>
    async Task<List<Placed>> Place(List<ArticleFile> files, CancellationToken cancel)
    {
        var placed = new List<Placed>();
        var taken = new HashSet<(Guid, string)>();
        foreach (var file in files)
        {
            var author = only ?? await authors.ByName(file.Authors.Count > 0 ? file.Authors[0] : folder.Name, cancel);
            var wished = file.Slug.Length > 0 ? file.Slug : ArticleFile.SlugOf(file.Title);
            var slug = wished;
            for (var n = 2; !taken.Add((author.Id, slug)); n++) slug = $"{wished}-{n}";
            placed.Add(new(file, author, slug));
        }
        return placed;
    }

    async Task Import(Placed article, Dictionary<string, Placed> byPath, CancellationToken cancel)
    {
        var file = article.File;
        try
        {
            var markdown = await Rewrite(article, byPath, cancel);
            var cover = file.Cover is { } picture && !picture.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? await Upload(article, picture, cancel) : null;
            var content = new ArticleContent
            {
                Title = file.Title,
                Description = file.Description,
                Markdown = markdown,
                Slug = article.Slug,
                CanonicalUrl = file.CanonicalUrl,
                Language = file.Language,
                CoverMediaId = cover?.Id ?? "",
                Topics = { file.Topics },
            };
            var answer = await articles.ImportArticleAsync(new ImportArticleRequest
            {
                AuthorId = article.Author.Id.ToString(),
                Source = $"{folder.Name}:{file.Path}",
                Content = content,
                Draft = file.Draft,
                PublishTime = file.Date?.ToTimestamp(),
                FormerSlugs = { file.FormerSlugs },
            }, cancellationToken: cancel);
            report.Enqueue(new(file.Path, answer.Outcome switch
            {
                ImportArticleResponse.Types.Outcome.Created => Outcome.Created,
                ImportArticleResponse.Types.Outcome.Updated => Outcome.Updated,
                _ => Outcome.Unchanged,
            }));
            foreach (var note in file.Notes) report.Enqueue(new(file.Path, Outcome.Noted, note));
        }
        catch (RpcException refused) when (refused.StatusCode is not (StatusCode.Unavailable or StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Cancelled))
        {
            report.Enqueue(new(file.Path, Outcome.Failed, refused.Status.Detail));
        }
    }

    async Task<string> Rewrite(Placed article, Dictionary<string, Placed> byPath, CancellationToken cancel)
    {
        var changes = new List<(Reference, string)>();
        foreach (var reference in References.Find(article.File.Body))
        {
            if (reference.IsPicture)
            {
                if (await Upload(article, reference.Address, cancel) is { } stored) changes.Add((reference, $"/media/{stored.Id}"));
            }
            else if (Target(article, reference.Address, byPath) is { } address)
            {
                changes.Add((reference, address));
            }
        }
        return References.Replace(article.File.Body, changes);
    }

    string? Target(Placed from, string address, Dictionary<string, Placed> byPath)
    {
        try
        {
            if (folder.Resolve(from.File.Path, address) is not { } path || !byPath.TryGetValue(path, out var target)) return null;
            var fragment = address.IndexOf('#', StringComparison.Ordinal);
            return $"/@{target.Author.Handle}/{Uri.EscapeDataString(target.Slug)}{(fragment < 0 ? "" : address[fragment..])}";
        }
        catch (UnauthorizedAccessException outside)
        {
            report.Enqueue(new(from.File.Path, Outcome.Noted, $"the link {outside.Message} and was left as it is"));
            return null;
        }
    }

    async Task<MediaItem?> Upload(Placed article, string address, CancellationToken cancel)
    {
        try
        {
            if (folder.Resolve(article.File.Path, address) is not { } path)
            {
                report.Enqueue(new(article.File.Path, Outcome.Noted, $"the picture {address} does not exist"));
                return null;
            }
            var stored = await uploads.GetOrAdd((article.Author.Id, path), key => new(() => Send(key.Owner, key.Path, cancel))).Value;
            Interlocked.Increment(ref pictures);
            return stored;
        }
        catch (UnauthorizedAccessException outside)
        {
            report.Enqueue(new(article.File.Path, Outcome.Noted, $"the picture {outside.Message} and was left out"));
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.InvalidArgument or StatusCode.ResourceExhausted)
        {
            report.Enqueue(new(article.File.Path, Outcome.Noted, $"the picture {address} was refused: {refused.Status.Detail}"));
        }
        return null;
    }

    async Task<MediaItem> Send(Guid owner, string path, CancellationToken cancel)
    {
        using var call = media.UploadMedia(cancellationToken: cancel);
        await using var bytes = folder.OpenRead(path);
        try
        {
            await call.RequestStream.WriteAsync(new() { Info = new() { FileName = Path.GetFileName(path), OwnerId = owner.ToString() } }, cancel);
            var buffer = new byte[64 * 1024];
            while (await bytes.ReadAsync(buffer, cancel) is > 0 and var read)
                await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(buffer, 0, read) }, cancel);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception broken) when (broken is RpcException or InvalidOperationException)
        {
            // The service answered before the end (too large, say): the answer below says why.
        }
        return (await call).Media;
    }

    sealed record Placed(ArticleFile File, Author Author, string Slug);
}
