using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Npgsql;
using static Blog.Content.Tests.Calls;

namespace Blog.Content.Tests;

public sealed class MediaTests(ContentFixture content) : IClassFixture<ContentFixture>
{
    readonly Guid ines = Guid.CreateVersion7();

    async Task<RpcException> RefusedAsync(byte[] file) => await Should.ThrowAsync<RpcException>(content.UploadAsync(content.MediaAs(ines), file));

    async Task<HttpResponseMessage> GetAsync(string path, Action<HttpRequestMessage>? change = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(content.Host.HttpAddress, path));
        change?.Invoke(request);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_uploaded_picture_is_served_so_that_it_can_only_be_a_picture()
    {
        var file = SamplePictures.Png(640, 480);
        var media = await content.UploadAsync(content.MediaAs(ines), file);
        (media.ContentType, media.Width, media.Height, media.SizeBytes).ShouldBe(("image/png", 640, 480, file.Length));
        (await new V1.Media.MediaClient(content.Host.CallInvoker()).GetMediaAsync(new() { Id = media.Id })).Media.ShouldBe(media);

        using var response = await GetAsync($"/media/{media.Id}");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(file);
        response.Content.Headers.ContentType!.ToString().ShouldBe("image/png");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; sandbox"]);
        response.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");

        using var again = await GetAsync($"/media/{media.Id}", request => request.Headers.IfNoneMatch.Add(response.Headers.ETag!));
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("bytes=0-3", 206, 0, 3)]
    [InlineData("bytes=4-", 206, 4, -1)]
    [InlineData("bytes=-5", 206, -5, -1)]
    [InlineData("bytes=2-999999", 206, 2, -1)]
    [InlineData("bytes=999999-", 416, 0, 0)]
    [InlineData("bytes=0-1,3-4", 200, 0, -1)]
    public async Task A_range_of_a_picture_is_served(string range, int status, int from, int to)
    {
        var file = SamplePictures.Png(6, 4);
        var media = await content.UploadAsync(content.MediaAs(ines), file);
        using var response = await GetAsync($"/media/{media.Id}", request => request.Headers.Range = RangeHeaderValue.Parse(range));
        ((int)response.StatusCode).ShouldBe(status);
        if (status == 416)
            return;
        var (first, last) = (from < 0 ? file.Length + from : from, to < 0 ? file.Length + to : to);
        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(file[first..(last + 1)]);
        if (status == 206)
            response.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes {first}-{last}/{file.Length}");
    }

    [Theory]
    [InlineData("/media/../../etc/passwd")]
    [InlineData("/media/..%2f..%2fetc%2fpasswd")]
    [InlineData("/media/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/media/....//etc/passwd")]
    [InlineData("/media/..\\..\\etc\\passwd")]
    [InlineData("/media/%00")]
    [InlineData("/media/018f0000-0000-7000-8000-000000000001%00.png")]
    [InlineData("/media/018f0000-0000-7000-8000-000000000001/../../../etc/passwd")]
    [InlineData("/media/018f0000-0000-7000-8000-000000000001")]
    [InlineData("/media/{018f0000-0000-7000-8000-000000000001}")]
    [InlineData("/media/018f00000000700080000000000001")]
    [InlineData("/media/")]
    public async Task No_address_but_an_id_leads_to_a_file(string path)
    {
        // Sent raw: an HTTP client would tidy the path first.
        using var client = new TcpClient();
        await client.ConnectAsync(content.Host.HttpAddress.Host, content.Host.HttpAddress.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        answer.ShouldMatch("^HTTP/1.1 (404|400)");
        answer.ShouldNotContain("root:");
    }

    [Fact]
    public async Task The_same_bytes_of_one_owner_are_one_picture_and_of_another_owner_another()
    {
        var file = SamplePictures.Gif(7, 7);
        var uploads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => content.UploadAsync(content.MediaAs(ines), file)));
        uploads.Select(media => media.Id).Distinct().Count().ShouldBe(1);
        (await content.UploadAsync(content.MediaAs(Guid.CreateVersion7()), file)).Id.ShouldNotBe(uploads[0].Id);
    }

    [Fact]
    public async Task Twenty_five_megabytes_are_refused_while_they_come()
    {
        var refused = await RefusedAsync([.. SamplePictures.Png(), .. new byte[25 * 1024 * 1024]]);
        (refused.StatusCode, refused.Reason()).ShouldBe((StatusCode.ResourceExhausted, "MEDIA_TOO_LARGE"));
        refused.Status.Detail.ShouldContain("20 MB");
    }

    [Fact]
    public async Task A_picture_of_just_twenty_megabytes_is_kept()
    {
        var small = SamplePictures.Png(3, 2, ("gAMA", []));
        var file = SamplePictures.Png(3, 2, ("gAMA", new byte[20 * 1024 * 1024 - small.Length]));
        file.Length.ShouldBe(20 * 1024 * 1024);
        (await content.UploadAsync(content.MediaAs(ines), file)).SizeBytes.ShouldBe(file.Length);
    }

    [Fact]
    public async Task What_is_renamed_to_png_is_refused_by_what_it_looks_like_and_nothing_is_kept()
    {
        var html = await RefusedAsync("<!doctype html><script>alert(1)</script>"u8.ToArray());
        (html.StatusCode, html.Reason()).ShouldBe((StatusCode.InvalidArgument, "UNSUPPORTED_MEDIA"));
        html.Status.Detail.ShouldContain("an HTML page");
        (await RefusedAsync("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray())).Status.Detail.ShouldContain("an SVG drawing");
        (await RefusedAsync("PK\u0003\u0004"u8.ToArray())).Status.Detail.ShouldContain("a ZIP archive");
        (await RefusedAsync([])).Status.Detail.ShouldContain("an empty file");
        (await RefusedAsync(SamplePictures.Png(30_000, 30_000))).Reason().ShouldBe("TOO_MANY_PIXELS");
        (await RefusedAsync(SamplePictures.Jpeg()[..^4])).Reason().ShouldBe("TRUNCATED");

        await using var source = NpgsqlDataSource.Create(content.ConnectionString);
        await using var command = source.CreateCommand("select count(*) from media where owner_id = $1");
        command.Parameters.Add(new() { Value = ines });
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }

    [Fact]
    public async Task Pictures_are_uploaded_by_people_for_themselves_and_by_services_for_anyone()
    {
        var someone = Guid.CreateVersion7().ToString();
        (await content.UploadAsync(content.MediaAsService, SamplePictures.Png(), someone)).Id.ShouldNotBeEmpty();
        (await Should.ThrowAsync<RpcException>(content.UploadAsync(content.MediaAsService, SamplePictures.Png()))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcException>(content.UploadAsync(content.MediaAs(ines), SamplePictures.Png(), someone))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Should.ThrowAsync<RpcException>(content.UploadAsync(new(content.Host.CallInvoker()), SamplePictures.Png()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task A_published_article_shows_its_pictures_in_their_size_and_its_cover()
    {
        var media = await content.UploadAsync(content.MediaAs(ines), SamplePictures.Png(1000, 500));
        var mine = content.As(ines);
        var written = Written("With a picture", $"![A tide gauge](/media/{media.Id} \"At Kell\")");
        (written.CoverMediaId, written.CoverAlt) = (media.Id, "A clock");
        await mine.PublishedAsync(written);

        var article = (await content.Anonymous.ReadAsync(ines.ToString(), "with-a-picture")).Article;
        article.Html.ShouldContain("width=\"1000\" height=\"500\" alt=\"A tide gauge\"");
        article.Summary.Cover.ShouldBe(new V1.Image { MediaId = media.Id, Width = 1000, Height = 500, Alt = "A clock" });

        written.CoverMediaId = Guid.CreateVersion7().ToString();
        var draft = await mine.DraftAsync(written);
        (await FailureOf(mine.PublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = 1 }))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }
}
