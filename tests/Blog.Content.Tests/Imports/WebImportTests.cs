using System.IO.Compression;
using System.Text;
using Blog.Content.V1;
using Google.Protobuf;
using Grpc.Core;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

public sealed class WebImportTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ines = Guid.CreateVersion7();

    V1.Imports.ImportsClient Imports(Guid? person = null) => new(content.Host.CallInvoker(content.Issuer.PersonToken(person ?? ines)));

    static byte[] Zip(params (string Path, byte[] Bytes)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (path, file) in files)
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(file);
            }
        return bytes.ToArray();
    }

    static byte[] Posts(params (string Path, string Text)[] posts) => Zip([.. posts.Select(post => (post.Path, Encoding.UTF8.GetBytes(post.Text)))]);

    async Task<Import> UploadAsync(byte[] archive, string name = "posts.zip")
    {
        using var call = Imports().UploadArchive();
        try
        {
            await call.RequestStream.WriteAsync(new() { Info = new() { FileName = name, Handle = "ines" } });
            foreach (var chunk in archive.Chunk(64 * 1024)) await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(chunk) });
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception early) when (early is RpcException or InvalidOperationException)
        {
            // The service answered before the end; the answer below says why.
        }
        return (await call).Import;
    }

    async Task<Import> UntilAsync(string id, params ImportState[] states)
    {
        while (true)
        {
            var import = (await Imports().GetImportAsync(new() { Id = id })).Import;
            if (states.Contains(import.State)) return import;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    async Task<List<ImportItem>> ItemsAsync(string id, bool remarkable = false)
    {
        var items = new List<ImportItem>();
        var token = "";
        do
        {
            var page = await Imports().ListImportItemsAsync(new() { Id = id, Remarkable = remarkable, PageSize = 2, PageToken = token });
            items.AddRange(page.Items);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return items;
    }

    [Fact]
    public async Task A_publication_becomes_the_importers_with_everybody_named_once()
    {
        var slug = "w" + Guid.NewGuid().ToString("N")[..20];
        var archive = Posts(
            ("publication.json", $$"""{"format":"blog.publication/1","name":"Harbour","slug":"{{slug}}","stories":["stories/tides.md"],"members":[{"name":"Ines","role":"owner"},{"name":"Bob"}]}"""),
            ("stories/tides.md", "---\ntitle: Tides\ndate: 2024-01-01\npublication: Harbour\nauthors: [Bob, Ines, Zoe]\n---\n\nx"));
        var uploaded = await UploadAsync(archive, "harbour.zip");
        (await UntilAsync(uploaded.Id, ImportState.Ready)).Counts.ShouldSatisfyAllConditions(counts => counts.Publications.ShouldBe(1), counts => counts.Stories.ShouldBe(1));
        (await ItemsAsync(uploaded.Id)).Select(item => (item.Title, item.Kind, item.Entries)).ShouldBe([("Tides", ImportItemKind.Unspecified, 0), ("Harbour", ImportItemKind.Publication, 1)]);
        await Imports().StartImportAsync(new() { Id = uploaded.Id });
        (await UntilAsync(uploaded.Id, ImportState.Done)).Counts.Created.ShouldBe(2);

        var publication = (await content.PublicationsAsAnybody.GetPublicationAsync(new() { Slug = slug })).Publication;
        (await content.PublicationsAsAnybody.ListMembersAsync(new() { PublicationId = publication.Id })).Members.Select(member => (member.PersonId, member.Role)).ShouldBe([(ines.ToString(), PublicationRole.Owner)]);
        var story = (await content.Anonymous.ListPublishedArticlesAsync(new() { PublicationId = publication.Id })).Articles.ShouldHaveSingleItem();
        story.AuthorId.ShouldBe(ines.ToString());
        story.CoAuthorNames.ShouldBe(["Bob", "Zoe"]);
        (await ItemsAsync(uploaded.Id, remarkable: true)).ShouldHaveSingleItem().Notes.ShouldHaveSingleItem().ShouldEndWith("they can be invited: Ines, Bob");
    }

    [Fact]
    public async Task An_archive_is_shown_first_and_imported_when_its_owner_says_so()
    {
        var archive = Zip(
            ("a.md", "---\ntitle: Harbour\ndate: 2014-05-06\naliases: [/2014/05/harbour/]\n---\n![tower](t.png) and [tides](b.md)"u8.ToArray()), ("b.md", "# Tides\n\nText"u8.ToArray()), ("c.md", "---\ntitle: Notes\ndraft: true\n---\nx"u8.ToArray()),
            ("d.md", "---\ntitle: [\n---\n"u8.ToArray()), ("t.png", SamplePictures.Png()));
        var uploaded = await UploadAsync(archive);
        uploaded.SizeBytes.ShouldBe(archive.Length);

        var ready = await UntilAsync(uploaded.Id, ImportState.Ready);
        (ready.Format, ready.FileName, ready.Counts.Stories, ready.Counts.Drafts, ready.Counts.Pictures, ready.Counts.Unreadable).ShouldBe(("markdown", "posts.zip", 2, 1, 1, 1));
        (await ItemsAsync(ready.Id)).Select(item => (item.Title, item.Draft, item.Outcome)).ShouldBe([("Harbour", false, default), ("Tides", false, default), ("Notes", true, default), ("", false, default)]);
        (await content.As(ines).ListMyArticlesAsync(new())).Articles.ShouldBeEmpty();

        await Imports().StartImportAsync(new() { Id = ready.Id });
        var done = await UntilAsync(ready.Id, ImportState.Done);
        (done.Counts.Created, done.Counts.Failed).ShouldBe((3, 1));
        (await ItemsAsync(done.Id, remarkable: true)).ShouldHaveSingleItem().Reason.ShouldContain("front matter");
        foreach (var old in (string[])["harbour", "/2014/05/harbour"]) (await content.Anonymous.ReadAsync(ines.ToString(), old)).MovedToSlug.ShouldBe("a");
        var article = (await content.Anonymous.ReadAsync(ines.ToString(), "a")).Article;
        article.Summary.PublishTime.ToDateTimeOffset().Year.ShouldBe(2014);
        article.Html.ShouldContain("<img");
        article.Html.ShouldContain("/@ines/b");
        (await ItemsAsync(done.Id))[0].ArticleId.ShouldBe(article.Summary.Id);
    }

    [Fact]
    public async Task The_same_archive_again_changes_nothing_and_an_address_in_use_is_passed_over()
    {
        await content.As(ines).PublishedAsync(Written("Tides", "Mine, from before."));
        async Task<Import> ImportAsync()
        {
            var import = await UploadAsync(Posts(("tides.md", "# Tides\n\nFrom elsewhere.")));
            await UntilAsync(import.Id, ImportState.Ready);
            await Imports().StartImportAsync(new() { Id = import.Id });
            return await UntilAsync(import.Id, ImportState.Done);
        }

        (await ImportAsync()).Counts.Created.ShouldBe(1);
        (await ImportAsync()).Counts.Unchanged.ShouldBe(1);
        (await content.Anonymous.ReadAsync(ines.ToString(), "tides-2")).Article.Html.ShouldContain("From elsewhere.");
    }

    [Fact]
    public async Task Everything_can_become_a_draft()
    {
        var import = await UploadAsync(Posts(("a.md", "# A\n\nx"), ("b.md", "# B\n\nx")));
        await UntilAsync(import.Id, ImportState.Ready);
        await Imports().StartImportAsync(new() { Id = import.Id, AsDrafts = true });
        await UntilAsync(import.Id, ImportState.Done);

        (await content.As(ines).ListMyArticlesAsync(new())).Articles.Select(article => article.Status).ShouldBe([ArticleStatus.Draft, ArticleStatus.Draft]);
    }

    [Fact]
    public async Task A_cancelled_import_goes_on_where_it_stopped()
    {
        var import = await UploadAsync(Posts([.. Enumerable.Range(0, 200).Select(n => ($"{n:000}.md", $"# Story {n}\n\nText {n}"))]));
        await UntilAsync(import.Id, ImportState.Ready);
        await Imports().StartImportAsync(new() { Id = import.Id });
        (await Imports().CancelImportAsync(new() { Id = import.Id })).Import.State.ShouldBe(ImportState.Cancelled);

        (await Imports().StartImportAsync(new() { Id = import.Id })).Import.State.ShouldBe(ImportState.Running);
        var done = await UntilAsync(import.Id, ImportState.Done);
        (done.Counts.Created + done.Counts.Unchanged, done.Counts.Failed).ShouldBe((200, 0));
        (await content.Anonymous.ListPublishedArticlesAsync(new() { AuthorId = ines.ToString(), PageSize = 100 })).NextPageToken.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Another_service_goes_on_when_one_died_at_work()
    {
        var import = await UploadAsync(Posts(("a.md", "# A\n\nx")));
        await UntilAsync(import.Id, ImportState.Ready);
        // As a service leaves it that was killed: at work, with a lease that ran out.
        await using (var source = Npgsql.NpgsqlDataSource.Create(content.ConnectionString))
        await using (var command = source.CreateCommand($"update imports set state = 3, attempts = 1, lease_until = now() - interval '1 second' where id = '{import.Id}'"))
            await command.ExecuteNonQueryAsync();

        (await UntilAsync(import.Id, ImportState.Done)).Counts.Created.ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_read_says_why()
    {
        var broken = await UploadAsync("This is no archive."u8.ToArray(), "essay.txt");
        (await UntilAsync(broken.Id, ImportState.Failed)).Problem.ShouldContain("none of the archives");

        var cut = Posts(("a.md", "# A\n\nx"));
        var half = await UploadAsync(cut[..(cut.Length / 2)]);
        (await UntilAsync(half.Id, ImportState.Failed)).Problem.ShouldContain("not all of it has come");
        (await FailureOf(Imports().StartImportAsync(new() { Id = half.Id }))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task An_import_is_its_owners_and_can_be_forgotten()
    {
        var import = await UploadAsync(Posts(("a.md", "# A\n\nx")));
        await UntilAsync(import.Id, ImportState.Ready);
        var other = Imports(Guid.CreateVersion7());

        (await FailureOf(other.GetImportAsync(new() { Id = import.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(other.StartImportAsync(new() { Id = import.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureOf(Imports().StartImportAsync(new() { Id = import.Id, Site = "ftp://old" }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await other.ListImportsAsync(new())).Imports.ShouldBeEmpty();
        await Imports().DeleteImportAsync(new() { Id = import.Id });
        (await Imports().ListImportsAsync(new())).Imports.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_hoards_archives()
    {
        for (var n = 0; n < 5; n++) await UploadAsync(Posts(("a.md", "# A\n\nx")));

        (await Should.ThrowAsync<RpcException>(() => UploadAsync(Posts(("a.md", "# A\n\nx"))))).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        (await Should.ThrowAsync<RpcException>(() => UploadAsync([]))).StatusCode.ShouldBeOneOf(StatusCode.InvalidArgument, StatusCode.ResourceExhausted);
    }
}
