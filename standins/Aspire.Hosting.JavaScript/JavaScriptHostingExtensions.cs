using System.Buffers;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.JavaScript;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting
{
    /// <summary>Adds JavaScript applications.</summary>
    public static class JavaScriptHostingExtensions
    {
        /// <summary>Adds an application that starts by a script of its package.json; the folder is relative to the AppHost's.</summary>
        public static IResourceBuilder<JavaScriptAppResource> AddJavaScriptApp(
            this IDistributedApplicationBuilder builder, string name, string appDirectory, string runScriptName = "dev")
        {
            var folder = Path.GetFullPath(appDirectory, builder.AppHostDirectory);
            return builder.AddResource(new JavaScriptAppResource(name, "npm", folder))
                .WithEnvironment("NODE_ENV", builder.Environment.IsDevelopment() && runScriptName != "start" ? "development" : "production")
                .WithEnvironment("NEXT_TELEMETRY_DISABLED", "1")
                .WithTelemetry()
                .WithAnnotation(new LocalProcessAnnotation((context, _) => Task.FromResult(PackageScript.Launch(folder, runScriptName, context.Arguments))));
        }
    }
}

namespace Aspire.Hosting.JavaScript
{
    /// <summary>An application that runs on Node.js.</summary>
    public class JavaScriptAppResource(string name, string command, string workingDirectory) : ExecutableResource(name, command, workingDirectory);

    /// <summary>
    /// Starts a package script without npm: npm would stay as two more processes (70 MB) between the AppHost and the program,
    /// and pass signals on only now and then.
    /// </summary>
    static class PackageScript
    {
        static readonly SearchValues<char> ShellSyntax = SearchValues.Create("|&;<>()$`\\\"'*?[#~=%\n");

        public static LocalProcess Launch(string folder, string script, IReadOnlyList<string> arguments)
        {
            var file = Path.Combine(folder, "package.json");
            if (!File.Exists(file))
                throw new DistributedApplicationException($"{file} does not exist.");
            using var package = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!package.RootElement.TryGetProperty("scripts", out var scripts) || !scripts.TryGetProperty(script, out var line))
                throw new DistributedApplicationException($"{file} has no script '{script}'.");
            var path = string.Join(':', [.. BinFolders(folder), Environment.GetEnvironmentVariable("PATH")]);
            return Program(folder, line.GetString()!, arguments) with
            {
                WorkingDirectory = folder,
                Environment = new Dictionary<string, string> { ["PATH"] = path, ["INIT_CWD"] = folder, ["npm_lifecycle_event"] = script },
            };
        }

        static LocalProcess Program(string folder, string line, IReadOnlyList<string> arguments)
        {
            // Anything that only a shell understands goes to a shell, which then becomes the last command where it can.
            if (line.AsSpan().ContainsAny(ShellSyntax))
                return new LocalProcess("sh", ["-c", $"{line} \"$@\"", "sh", .. arguments]);
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] rest = [.. words[1..], .. arguments];
            var bin = BinFolders(folder).Select(b => Path.Combine(b, words[0])).FirstOrDefault(File.Exists);
            if (bin is null)
                return new LocalProcess(words[0], rest);
            var target = File.ResolveLinkTarget(bin, returnFinalTarget: true)?.FullName ?? bin;
            return IsNodeScript(target) ? new LocalProcess("node", [target, .. rest]) : new LocalProcess(target, rest);
        }

        static bool IsNodeScript(string file)
        {
            using var reader = new StreamReader(file);
            return reader.ReadLine() is { } first && first.StartsWith("#!", StringComparison.Ordinal) && first.EndsWith("node", StringComparison.Ordinal);
        }

        /// <summary><c>node_modules/.bin</c> of the folder and of those above it, as npm run does.</summary>
        static IEnumerable<string> BinFolders(string folder)
        {
            for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            {
                var bin = Path.Combine(at.FullName, "node_modules", ".bin");
                if (Directory.Exists(bin))
                    yield return bin;
            }
        }
    }
}
