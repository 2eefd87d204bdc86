using System.Diagnostics;
using System.Globalization;
using Blog.Archives.Exporting;
using Blog.Archives.Writing;
using Blog.Content.V1;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Cli.Export;

/// <summary><c>./blog export PATH</c>: everything of a person or a publication.</summary>
static class ExportCommand
{
    public const string Usage = """
        Usage: ./blog export PATH --as HANDLE
               ./blog export PATH --publication SLUG

          PATH           where it goes: a file that ends in .zip, or a folder that is empty or does not exist
          --as           stories and drafts, pictures, responses, series and lists of this person
          --publication  stories, pictures, responses and people of this publication
        """;

    /// <returns>0: all exported; 1: a service refused; 2: called wrongly; 3: the system is away.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        if (Call.Parse(args) is not { } call)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        if (File.Exists(call.Path) || Directory.Exists(call.Path) && (call.IsZip || Directory.EnumerateFileSystemEntries(call.Path).Any()))
            return Wrong($"{Path.GetFullPath(call.Path)} is there already. Nothing was overwritten; name another.");
        return await Operator.ReportAsync(async () =>
        {
            using var host = await Operator.ConnectAsync(AddClients, cancel);
            return call.Publication is { } slug ? await PublicationAsync(host.Services, slug, call, cancel) : await PersonAsync(host.Services, call.Handle!, call, cancel);
        });
    }

    static async Task<int> PersonAsync(IServiceProvider services, string handle, Call call, CancellationToken cancel)
    {
        try
        {
            var person = (await services.GetRequiredService<UsersClient>().GetProfileAsync(new() { Handle = handle.TrimStart('@') }, cancellationToken: cancel)).Profile;
            return await WriteAsync(call, sink => new Takeout(services.GetRequiredService<Site>(), sink, person.Id).WriteAsync(cancel), cancel);
        }
        catch (RpcException nobody) when (nobody.StatusCode is StatusCode.NotFound)
        {
            return Wrong($"--as: nobody has the handle {handle}.");
        }
    }

    static async Task<int> PublicationAsync(IServiceProvider services, string slug, Call call, CancellationToken cancel)
    {
        var publications = services.GetRequiredService<Publications.PublicationsClient>();
        Publication found;
        try
        {
            found = (await publications.GetPublicationAsync(new() { Slug = slug }, cancellationToken: cancel)).Publication;
        }
        catch (RpcException none) when (none.StatusCode is StatusCode.NotFound)
        {
            return Wrong($"--publication: there is none at /p/{slug}.");
        }
        // Everything is asked for as its first owner asks for it.
        var owner = (await publications.ListMembersAsync(new() { PublicationId = found.Id }, cancellationToken: cancel)).Members[0].PersonId;
        var site = services.GetRequiredService<Site>();
        var publication = (await site.Exports.GetExportedPublicationAsync(new() { PersonId = owner, PublicationId = found.Id }, cancellationToken: cancel)).Publication;
        return await WriteAsync(call, sink => new PublicationTakeout(site, sink, owner, found.Id, publication).WriteAsync(cancel), cancel);
    }

    /// <summary>A ZIP appears when it is whole; of what broke off nothing is left behind.</summary>
    static async Task<int> WriteAsync(Call call, Func<IArchiveSink, Task> write, CancellationToken cancel)
    {
        var (watch, path) = (Stopwatch.StartNew(), Path.GetFullPath(call.Path));
        var unfinished = $"{path}.unfinished-{Path.GetRandomFileName()}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            CountingSink counted;
            if (call.IsZip)
            {
                await using var file = File.Create(unfinished);
                await using (counted = new CountingSink(await ZipSink.OpenAsync(file, cancel))) await write(counted);
            }
            else
            {
                await using (counted = new CountingSink(new FolderSink(unfinished))) await write(counted);
            }
            if (call.IsZip) File.Move(unfinished, path);
            else
            {
                if (Directory.Exists(path)) Directory.Delete(path);
                Directory.Move(unfinished, path);
            }
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{counted.Files} files in {path}; {watch.Elapsed.TotalSeconds:0.0} s");
            return 0;
        }
        finally
        {
            if (File.Exists(unfinished)) File.Delete(unfinished);
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        }
    }

    static int Wrong(string message)
    {
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{message}[/]");
        return 2;
    }

    static void AddClients(IServiceCollection services)
    {
        services.AddBlogGrpcClient<UsersClient>("users", CallAs.Service);
        services.AddBlogGrpcClient<Exports.ExportsClient>("content", CallAs.Service);
        services.AddBlogGrpcClient<Articles.ArticlesClient>("content", CallAs.Service);
        services.AddBlogGrpcClient<Publications.PublicationsClient>("content", CallAs.Service);
        services.AddBlogGrpcClient<Portability.PortabilityClient>("interactions", CallAs.Service);
        services.AddExportedSite();
    }

    sealed class CountingSink(IArchiveSink sink) : IArchiveSink
    {
        public int Files { get; private set; }

        public Task AddAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
        {
            Files++;
            return sink.AddAsync(path, bytes, cancel);
        }

        public ValueTask DisposeAsync() => sink.DisposeAsync();
    }

    sealed record Call(string Path, string? Handle, string? Publication)
    {
        public bool IsZip => Path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

        public static Call? Parse(string[] args)
        {
            string? path = null, handle = null, publication = null;
            for (var at = 0; at < args.Length; at++)
            {
                var value = at + 1 < args.Length ? args[at + 1] : null;
                switch (args[at])
                {
                    case "--as" when value is not null: (handle, at) = (value, at + 1); break;
                    case "--publication" when value is not null: (publication, at) = (value, at + 1); break;
                    case var word when path is null && !word.StartsWith('-'): path = word; break;
                    default: return null;
                }
            }
            return path is not null && handle is null != publication is null ? new(path, handle, publication) : null;
        }
    }
}
