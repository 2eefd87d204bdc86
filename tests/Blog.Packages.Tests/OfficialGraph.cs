using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Blog.Packages.Tests;

/// <summary>What every project outside <c>standins/</c> refers to under <c>BlogPackages=Official</c>, by one evaluation; nothing is restored or built.</summary>
public sealed class OfficialGraph : IAsyncLifetime
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The projects, by path from the root.</summary>
    public IReadOnlyList<string> Projects { get; private set; } = [];

    /// <summary>Packages by project.</summary>
    public IReadOnlyList<(string Project, string Package)> Packages { get; private set; } = [];

    /// <summary>References between projects.</summary>
    public IReadOnlyList<(string Project, string Other)> ProjectReferences { get; private set; } = [];

    /// <summary>The central list: versions by package.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; private set; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("blog-packages-").FullName;
        try
        {
            var output = Path.Combine(folder, "references.txt");
            await EvaluateAsync(SdksWithAspire(folder), output);
            Read(await File.ReadAllLinesAsync(output));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static async Task EvaluateAsync(string sdks, string output)
    {
        var start = new ProcessStartInfo("dotnet", [
            "msbuild", Path.Combine(AppContext.BaseDirectory, "evaluation", "Evaluate.proj"),
            "-nologo", "-verbosity:quiet", "-nodeReuse:false", $"-property:Root={Root}", $"-property:ReferencesFile={output}"])
        {
            RedirectStandardOutput = true,
            Environment = { ["MSBuildSDKsPath"] = sdks },
        };
        using var evaluation = Process.Start(start)!;
        var said = await evaluation.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await evaluation.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (evaluation.ExitCode != 0) throw new InvalidOperationException($"The projects cannot be evaluated as official: {said}");
    }

    void Read(string[] lines)
    {
        var facts = lines.Select(line => line.Split('|')).Select(parts => (Project: Path.GetRelativePath(Root, parts[0]), Kind: parts[1], Name: parts[2], Version: parts[3])).ToArray();
        Projects = [.. facts.Where(fact => fact is { Kind: "Project", Name: "Official" }).Select(fact => fact.Project)];
        Packages = [.. facts.Where(fact => fact.Kind == "PackageReference").Select(fact => (fact.Project, fact.Name))];
        ProjectReferences = [.. facts.Where(fact => fact.Kind == "ProjectReference").Select(fact => (fact.Project, Path.GetRelativePath(Root, fact.Name)))];
        Versions = facts.Where(fact => fact.Kind == "PackageVersion").DistinctBy(fact => fact.Name).ToDictionary(fact => fact.Name, fact => fact.Version, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The AppHost imports Aspire.AppHost.Sdk, which the feed may lack. The SDKs of this machine and an empty one of that name are enough
    /// to evaluate it.
    /// </summary>
    static string SdksWithAspire(string folder)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var sdk = Directory.GetDirectories(Path.Combine(dotnet, "sdk")).Where(path => Directory.Exists(Path.Combine(path, "Sdks")))
            .MaxBy(path => Version.TryParse(Path.GetFileName(path).Split('-')[0], out var version) ? version : new Version())!;
        // The SDKs look for files beside their folder, so the whole is mirrored.
        foreach (var path in Directory.GetFileSystemEntries(sdk).Where(path => Path.GetFileName(path) != "Sdks")) Link(Path.Combine(folder, Path.GetFileName(path)), path);
        var sdks = Directory.CreateDirectory(Path.Combine(folder, "Sdks")).FullName;
        foreach (var path in Directory.GetDirectories(Path.Combine(sdk, "Sdks"))) Link(Path.Combine(sdks, Path.GetFileName(path)), path);
        var aspire = Directory.CreateDirectory(Path.Combine(sdks, "Aspire.AppHost.Sdk", "Sdk")).FullName;
        foreach (var file in new[] { "Sdk.props", "Sdk.targets" }) File.WriteAllText(Path.Combine(aspire, file), "<Project />");
        return sdks;

        static void Link(string link, string target)
        {
            if (Directory.Exists(target)) Directory.CreateSymbolicLink(link, target);
            else File.CreateSymbolicLink(link, target);
        }
    }

    static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Blog.sln"))) return folder;
        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
