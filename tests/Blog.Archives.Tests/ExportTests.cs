using System.Collections.Concurrent;
using System.IO.Compression;
using Blog.Archives.Importing;
using Blog.Archives.Writing;
using Blog.Content.V1;
using Google.Protobuf.WellKnownTypes;
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
        first.Keep(ArticleStatus.Published, "harbour", date, new()
        {
            Title = "Harbour: “the” \u2028 \ufeff clock 👩‍🚀", Slug = "harbour", Description = "It's wrong # always", Topics = { "Sea: side", "C#", "- x" }, CoverMediaId = tide.ToString(), CoverAlt = "Alt \"q\" \\", CanonicalUrl = "https://elsewhere.example/a?b=c&d", Language = "en-GB",
            Markdown = $"\n\n![t](/media/{tower}#wide \"Tower\") [tides](/@ada/größe#low) [gone](/@ada/gone) [else](/@bob/x)\n\n`![t](/media/{tower})`\n\n    indented\n\nlast line without end",
        }, article =>
        {
            article.EditTime = date.AddDays(2).ToTimestamp();
            article.CoAuthorNames.AddRange(["Böb, the second", "高橋"]);
            article.FormerSlugs.AddRange(["größe-2", "harbor"]);
            article.FormerPaths.AddRange(["/2019/05/100%25 sure", "/?p=12", "/a b"]);
            article.Key.TranslationGroupId = "one";
            article.Changes = new() { Title = "Harbour, anew", Markdown = "\n[tides](/@ada/größe) written since" };
        });
        first.Keep(ArticleStatus.Published, "größe", date.AddYears(-30), new() { Title = "Tides", Markdown = "# A heading\r\nwith CRLF\r\n" }, article => article.Key.TranslationGroupId = "alone");
        first.Keep(ArticleStatus.Unpublished, "withdrawn", date, new() { Title = "Withdrawn", Slug = "withdrawn", Markdown = "Gone." }, article => article.Key.TranslationGroupId = "one");
        first.Keep(ArticleStatus.Draft, "", null, new() { Markdown = "# Draft with a heading and no title\n" });
        first.Keep(ArticleStatus.Draft, "", null, new() { Title = "Same", Markdown = "one [h](/@ada/harbour)", Topics = { "true", "null", "2020-01-01" } });
        first.Keep(ArticleStatus.Draft, "", null, new() { Title = "Same", Markdown = "---\nnot: front matter\n---\n" });
        first.Keep(ArticleStatus.Draft, "", null, new() { Title = string.Concat(Enumerable.Repeat("長い題名", 40)), Markdown = "x" });
        var one = await first.ExportAsync(samples.Folder, "one.zip");

        var second = new Home("other");
        using (var archive = Archive.Open(one))
        {
            var importer = new Importer(archive, second, null, new ImportOptions());
            await importer.RunAsync(await importer.PlanAsync(Cancel), new Dictionary<int, string>(), item =>
            {
                item.Outcome.ShouldBe(ImportOutcome.Created, item.Reason);
                item.Notes.ShouldBeEmpty();
                return Task.CompletedTask;
            }, Cancel);
        }
        var two = await second.ExportAsync(samples.Folder, "two.zip");

        foreach (var (name, text) in Files(one)) Files(two)[name].ShouldBe(text);
        Files(two).Count.ShouldBe(Files(one).Count);
        Files(one).Keys.ShouldContain("changes/harbour.md");
        foreach (var name in (string[])["stories/harbour.md", "drafts/withdrawn.md"]) Files(one)[name].ShouldContain("\ntranslation_key: \"drafts/withdrawn\"\n");
        Files(one)["stories/größe.md"].ShouldNotContain("translation_key");
        Files(one).Keys.ShouldAllBe(name => System.Text.Encoding.UTF8.GetByteCount(name) < 240);
        second.Articles.Count.ShouldBe(7);
    }

    [Fact]
    public async Task What_a_publication_exports_names_everybody_in_the_byline_and_whoever_imports_it_has_written_none_of_it()
    {
        var harbour = new Home("harbour", "Harbour Notes");
        harbour.Keep(ArticleStatus.Published, "tides", DateTimeOffset.UnixEpoch, new() { Title = "Tides", Markdown = "x" }, article => article.CoAuthorNames.AddRange(["Ada", "Bob"]));
        var (articles, _) = SampleArchives.Read(await harbour.ExportAsync(samples.Folder, "one.zip"));

        var tides = articles.ShouldHaveSingleItem();
        tides.CoAuthors.ShouldBe(["Ada", "Bob"]);
        tides.Notes.ShouldBeEmpty();
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

    /// <summary>A system with one person, who stands under a handle.</summary>
    sealed class Home(string handle, string publication = "") : IImportTarget
    {
        readonly ConcurrentDictionary<Guid, (string, byte[])> pictures = [];
        readonly ArticleAuthor person = new(Guid.CreateVersion7(), handle);

        public string Importer => handle;

        public ConcurrentBag<ExportedArticle> Articles { get; } = [];

        public Guid Keep(byte[] bytes, string type)
        {
            var id = Guid.CreateVersion7();
            pictures[id] = (type, bytes);
            return id;
        }

        public void Keep(ArticleStatus status, string slug, DateTimeOffset? date, ArticleContent content, Action<ExportedArticle>? more = null)
        {
            var article = new ExportedArticle
            {
                Key = new() { Id = Guid.CreateVersion7().ToString(), AuthorId = person.Id.ToString(), Status = status, Slug = slug, Title = content.Title }, Content = content,
                CreateTime = DateTimeOffset.UnixEpoch.AddTicks(10).ToTimestamp(), UpdateTime = DateTimeOffset.UnixEpoch.AddDays(1).ToTimestamp(), PublishTime = date?.ToTimestamp(),
            };
            more?.Invoke(article);
            Articles.Add(article);
        }

        public async Task<string> ExportAsync(string folder, string name)
        {
            var path = Path.Combine(folder, name);
            await using var file = File.Create(path);
            await using var sink = await ZipSink.OpenAsync(file, Cancel);
            var layout = new ArchiveLayout(Articles.Select(article => article.Key), key => $"/@{handle}/{key.Slug}");
            var index = new IndexPage("Stories");
            var writer = new StoryWriter(sink, layout, (id, _) => Task.FromResult<(string, byte[])?>(pictures.TryGetValue(id, out var found) ? found : null));
            foreach (var key in layout.Keys)
            {
                var article = Articles.Single(one => one.Key.Id == key.Id);
                await writer.WriteAsync(article, new([.. article.CoAuthorNames], publication), Cancel);
                index.Add(article, layout.PathOf(key.Id)!, null);
            }
            await sink.AddAsync("index.html", index.ToBytes(), Cancel);
            return path;
        }

        public Task<ArticleAuthor> AuthorAsync(ArchiveArticle article, CancellationToken cancel) => Task.FromResult(person);

        public Task<ArticleAuthor?> OwnerAsync(CancellationToken cancel) => Task.FromResult<ArticleAuthor?>(person);

        public Task<ArticleAuthor?> MemberAsync(string name, CancellationToken cancel) => Task.FromResult<ArticleAuthor?>(null);

        public async Task<string> UploadAsync(Guid owner, string fileName, Stream picture, CancellationToken cancel)
        {
            using var bytes = new MemoryStream();
            await picture.CopyToAsync(bytes, cancel);
            return Keep(bytes.ToArray(), fileName.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "image/jpeg").ToString();
        }

        // What Content does with it.
        public Task<(ImportOutcome Outcome, string ArticleId)> SaveAsync(ReadyArticle ready, CancellationToken cancel)
        {
            string? id = null;
            return SiteRequests.SaveAsync(ready, request =>
            {
                var status = request.Withdrawn ? ArticleStatus.Unpublished : request.Draft ? ArticleStatus.Draft : ArticleStatus.Published;
                Keep(status, request.Content.Slug, request.PublishTime is { } time && status != ArticleStatus.Draft ? time.ToDateTimeOffset() : null, request.Content, article =>
                {
                    article.Key.TranslationGroupId = request.TranslationGroupId;
                    (article.CreateTime, article.EditTime, article.Changes) = (request.CreateTime, request.EditTime, request.Changes);
                    article.UpdateTime = request.UpdateTime ?? article.UpdateTime;
                    article.CoAuthorNames.AddRange(request.CoAuthorNames);
                    article.FormerSlugs.AddRange(request.FormerSlugs.Order(StringComparer.Ordinal));
                    article.FormerPaths.AddRange(request.FormerPaths.Order(StringComparer.Ordinal));
                    id = article.Key.Id;
                });
                return Task.FromResult(new ImportArticleResponse { Article = new() { Id = id }, Outcome = ImportArticleResponse.Types.Outcome.Created });
            });
        }

        public Task<(ImportOutcome Outcome, IReadOnlyList<string> Notes)> SaveAsync(ReadyFact fact, CancellationToken cancel) => throw new NotSupportedException();
    }
}
