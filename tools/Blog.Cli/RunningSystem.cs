using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Blog.Cli;

/// <summary>
/// Finds the system that <c>./blog up</c> started on this machine: the AppHost's settings say where its dashboard and data are, the
/// dashboard says where the services listen, the data folder holds the secret of the command line's client.
/// </summary>
static class RunningSystem
{
    /// <summary>Configuration as the AppHost would hand it to a service called cli; empty when the environment already has it.</summary>
    /// <exception cref="SystemIsDownException">Nothing answers; the message says what to do.</exception>
    public static async Task<Dictionary<string, string?>> ConfigurationAsync(IConfiguration environment, CancellationToken cancel)
    {
        if (environment["services:content:grpc:0"] is not null) return [];
        var root = environment["BLOG_ROOT"] ?? Directory.GetCurrentDirectory();
        var settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(root, "Blog.AppHost", "appsettings.json")).AddConfiguration(environment).Build();
        var dashboard = settings["ASPNETCORE_URLS"]?.Split(';')[0] ?? throw new SystemIsDownException("Blog.AppHost/appsettings.json names no dashboard address (ASPNETCORE_URLS).");
        var data = Path.GetFullPath(settings["Aspire:Store:Path"] ?? ".data", Path.Combine(root, "Blog.AppHost"));

        var configuration = new Dictionary<string, string?>
        {
            ["Blog:ClientId"] = "cli",
            ["Blog:ClientSecret"] = Secret(Path.Combine(data, "parameters.json")),
        };
        foreach (var resource in await Resources(dashboard, cancel))
            foreach (var endpoint in resource!["endpoints"]!.AsArray())
                configuration.TryAdd($"services:{resource["name"]}:{endpoint!["name"]}:0", endpoint["url"]!.ToString());
        configuration["Blog:PublicOrigin"] = settings["Blog:PublicOrigin"] is { Length: > 0 } chosen ? chosen : configuration.GetValueOrDefault("services:bff:http:0");
        return configuration;
    }

    static async Task<JsonArray> Resources(string dashboard, CancellationToken cancel)
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            return (await http.GetFromJsonAsync<JsonArray>(new Uri(new Uri(dashboard), "/api/resources"), cancel))!;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException or JsonException)
        {
            throw new SystemIsDownException($"Nothing answers at {dashboard}. Start the system first: ./blog up");
        }
    }

    static string Secret(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file))?["cli-secret"]?.ToString() ?? throw new SystemIsDownException($"{file} holds no cli-secret.");
        }
        catch (IOException)
        {
            throw new SystemIsDownException("The system has never run here. Start it first: ./blog up");
        }
    }
}

/// <summary>There is no running system to talk to.</summary>
sealed class SystemIsDownException(string message) : Exception(message);
