using System.IO.Compression;
using Blog.Archives.Importing;
using Blog.Archives.Writing;
using Shouldly;
using Xunit;

namespace Blog.Archives.Tests;

public sealed class ExportTests : IDisposable
{
    readonly SampleArchives samples = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => samples.Dispose();

    [Fact]
    public async Task What_is_imported_into_an_empty_system_and_exported_again_is_the_same_to_the_byte()
    {
        var first = new Home("ada");
        var (tower, tide) = (first.Keep([1, 2, 3], "image/png"), first.Keep([4, 5], "image/jpeg"));
        var date = new DateTimeOffset(2024, 5, 6, 7, 8, 9, 123, 456, TimeSpan.Zero);
        first.Articles.AddRange(
            new("Harbour: “the” clock", "harbour", "It's wrong # always", $"\n\n![t](/media/{tower}#wide \"Tower\") [tides](/@ada/größe#low) [gone](/@ada/gone) [else](/@bob/x)\n\n`![t](/media/{tower})`\n\n    indented\n\nlast line without end", date, ["Sea: side", "C#", "- x"], tide.ToString(), "Alt \"q\"", "https://elsewhere.example/a?b=c&d", "en-GB"),
            new("Tides", "größe", "", "# A heading\r\nwith CRLF\r\n", date.AddYears(-30), [], "", "", "", ""),
            new("", "", "", "# Draft with a heading and no title\n", null, [], "", "", "", ""),
            new("Same", "", "", "one [h](/@ada/harbour)", null, ["true", "null", "2020-01-01"], "", "", "", ""),
            new("Same", "", "", "---\nnot: front matter\n---\n", null, [], "", "", "", ""));
        var one = await first.ExportAsync(samples.Folder, "one.zip");

        var second = new Home("other");
        using (var archive = Archive.Open(one))
        {
            var importer = new Importer(archive, second, null, new ImportOptions());
            await importer.RunAsync(await importer.PlanAsync(Cancel), _ => false, item =>
            {
                item.Outcome.ShouldBe(ImportOutcome.Created, item.Reason);
                item.Notes.ShouldBeEmpty();
                return Task.CompletedTask;
            }, Cancel);
        }
        var two = await second.ExportAsync(samples.Folder, "two.zip");

        foreach (var (name, text) in Files(one)) Files(two)[name].ShouldBe(text);
        (await File.ReadAllBytesAsync(two, Cancel)).ShouldBe(await File.ReadAllBytesAsync(one, Cancel));
        Files(one).Keys.ShouldContain("index.html");
        second.Articles.Count.ShouldBe(5);
    }

    static Dictionary<string, string> Files(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return reader.ReadToEnd();
        });
    }

    /// <summary>A system with one person.</summary>
    sealed class Home(string handle) : IImportTarget
    {
        readonly Dictionary<Guid, (string, byte[])> pictures = [];
        readonly ArticleAuthor person = new(Guid.CreateVersion7(), handle);

        public List<ExportedArticle> Articles { get; } = [];

        public Guid Keep(byte[] bytes, string type)
        {
            var id = Guid.CreateVersion7();
            lock (pictures) pictures[id] = (type, bytes);
            return id;
        }

        public async Task<string> ExportAsync(string folder, string name)
        {
            var path = Path.Combine(folder, name);
            await using var file = File.Create(path);
            var sorted = Articles.OrderBy(a => ExportWriter.Order(a.Date is null, a.Slug, a.Title), StringComparer.Ordinal);
            await new ExportWriter(file, handle, (id, _) => Task.FromResult<(string, byte[])?>(pictures.TryGetValue(id, out var found) ? found : null))
                .WriteAsync(Articles.Where(a => a.Date is not null).Select(a => a.Slug).ToHashSet(), sorted.ToAsyncEnumerable(), new Dictionary<string, Func<CancellationToken, Task<object>>> { ["lists.json"] = _ => Task.FromResult<object>(Array.Empty<string>()) }, Cancel);
            return path;
        }

        public Task<ArticleAuthor> AuthorAsync(ArchiveArticle article, CancellationToken cancel) => Task.FromResult(person);

        public async Task<string> UploadAsync(Guid owner, string fileName, Stream picture, CancellationToken cancel)
        {
            using var bytes = new MemoryStream();
            await picture.CopyToAsync(bytes, cancel);
            return Keep(bytes.ToArray(), fileName.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "image/jpeg").ToString();
        }

        public Task<(ImportOutcome Outcome, string ArticleId)> SaveAsync(ReadyArticle ready, CancellationToken cancel)
        {
            var a = ready.Article;
            lock (Articles) Articles.Add(new(a.Title, a.Slug, a.Description, a.Body, a.Draft ? null : a.Date, a.Topics, ready.CoverMediaId, a.CoverAlt, a.CanonicalUrl, a.Language));
            return Task.FromResult((ImportOutcome.Created, "id"));
        }
    }
}
