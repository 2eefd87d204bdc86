using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.S3;
using Blog.Content.Media;
using Blog.Testing;

namespace Blog.Content.Tests;

/// <summary>What every object storage does, whatever it stands on.</summary>
public abstract class ObjectStorageContract
{
    protected abstract IObjectStorage Storage { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected async Task<byte[]?> ReadAsync(Guid id, long offset, long length)
    {
        await using var stream = await Storage.OpenAsync(id, offset, length, Cancel);
        if (stream is null)
            return null;
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Cancel);
        return bytes.ToArray();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(5_000_000)]
    public async Task What_was_put_is_read_byte_for_byte(int size)
    {
        var (id, bytes) = (Guid.CreateVersion7(), new byte[size]);
        new Random(size).NextBytes(bytes);
        await Storage.PutAsync(id, bytes, "image/png", Cancel);
        (await ReadAsync(id, 0, size)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_part_is_read_from_its_offset_for_its_length()
    {
        var id = Guid.CreateVersion7();
        await Storage.PutAsync(id, "0123456789"u8.ToArray(), "image/png", Cancel);
        (await ReadAsync(id, 3, 4)).ShouldBe("3456"u8.ToArray());
        (await ReadAsync(id, 9, 1)).ShouldBe("9"u8.ToArray());
    }

    [Fact]
    public async Task What_was_never_put_is_not_there()
    {
        (await ReadAsync(Guid.CreateVersion7(), 0, 1)).ShouldBeNull();
        await Storage.DeleteAsync(Guid.CreateVersion7(), Cancel);
    }

    [Fact]
    public async Task What_was_deleted_is_not_there()
    {
        var id = Guid.CreateVersion7();
        await Storage.PutAsync(id, "x"u8.ToArray(), "image/png", Cancel);
        await Storage.DeleteAsync(id, Cancel);
        (await ReadAsync(id, 0, 1)).ShouldBeNull();
    }

    [Fact]
    public async Task Putting_again_replaces()
    {
        var id = Guid.CreateVersion7();
        await Storage.PutAsync(id, "long before"u8.ToArray(), "image/png", Cancel);
        await Storage.PutAsync(id, "after"u8.ToArray(), "image/png", Cancel);
        (await ReadAsync(id, 0, 5)).ShouldBe("after"u8.ToArray());
    }
}

public sealed class FileObjectStorageTests : ObjectStorageContract, IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("blog-media-").FullName;

    protected override IObjectStorage Storage => new FileObjectStorage(folder);

    [Fact]
    public async Task A_write_that_fails_leaves_nothing_behind()
    {
        await Should.ThrowAsync<OperationCanceledException>(Storage.PutAsync(Guid.CreateVersion7(), new byte[100], "image/png", new CancellationToken(canceled: true)));
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Readers_see_an_object_whole_while_it_is_replaced()
    {
        var id = Guid.CreateVersion7();
        byte[] Version(byte n) => [.. Enumerable.Repeat(n, 200_000)];
        await Storage.PutAsync(id, Version(0), "image/png", Cancel);
        var writing = Task.Run(async () =>
        {
            for (byte n = 1; n <= 10; n++)
                await Storage.PutAsync(id, Version(n), "image/png", Cancel);
        }, Cancel);
        do
        {
            var seen = await ReadAsync(id, 0, 200_000);
            seen!.Length.ShouldBe(200_000);
            seen.Distinct().Count().ShouldBe(1);
        }
        while (!writing.IsCompleted);
        await writing;
        (await ReadAsync(id, 0, 200_000)).ShouldBe(Version(10));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

public sealed class S3ObjectStorageTests(S3Server server) : ObjectStorageContract, IClassFixture<S3Server>
{
    protected override IObjectStorage Storage => new S3ObjectStorage(server.Client, S3Server.Bucket);
}

/// <summary>The npm package s3rver on a free port, installed when it is not yet.</summary>
public sealed partial class S3Server : IAsyncLifetime
{
    public const string Bucket = "media";

    readonly string folder = Directory.CreateTempSubdirectory("blog-s3-").FullName;
    OwnedProcess? server;
    AmazonS3Client? client;

    public IAmazonS3 Client => client!;

    [GeneratedRegex(@"S3rver listening on 127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening { get; }

    public async ValueTask InitializeAsync()
    {
        var package = PackageFolder();
        var script = Path.Combine(package, "node_modules/s3rver/bin/s3rver.js");
        if (!File.Exists(script))
            await OwnedProcess.RunAsync("npm", "ci", "--prefix", package, "--no-audit", "--no-fund", "--ignore-scripts");
        server = new OwnedProcess("TERM", null, "node", script, "-d", folder, "-a", "127.0.0.1", "-p", "0", "--configure-bucket", Bucket);
        await server.StartAsync();
        var start = TimeProvider.System.GetTimestamp();
        while (!Listening.IsMatch(server.Output))
        {
            if (server.HasExited || TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(30))
                throw new InvalidOperationException($"s3rver does not listen: {server.Output}");
            await Task.Delay(20);
        }
        client = new AmazonS3Client(new BasicAWSCredentials("S3RVER", "S3RVER"), new AmazonS3Config
        {
            ServiceURL = $"http://127.0.0.1:{Listening.Match(server.Output).Groups[1].Value}", ForcePathStyle = true, AuthenticationRegion = "us-east-1",
        });
    }

    static string PackageFolder()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "s3/package-lock.json")))
                return Path.Combine(at.FullName, "s3");
        }
        throw new InvalidOperationException("The folder s3 of this test project was not found above the test's binaries.");
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (server is not null)
        {
            await server.StopAsync("TERM");
            await server.DisposeAsync();
        }
        Directory.Delete(folder, recursive: true);
    }
}
