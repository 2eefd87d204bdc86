using System.Globalization;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Blog.Cli;

/// <summary>What the commands of operators have in common: they ask one service of the running system, and say plainly what it refuses.</summary>
static class Operator
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>By when a call is to be answered.</summary>
    public static DateTime Deadline => TimeProvider.System.GetUtcNow().UtcDateTime + Patience;

    /// <returns>What the command returns; 1: the service refused; 3: it is away.</returns>
    public static async Task<int> AskAsync<TClient>(string service, Func<TClient, Task<int>> command, CancellationToken cancel) where TClient : ClientBase<TClient>
    {
        using var host = await ConnectAsync(clients => clients.AddBlogGrpcClient<TClient>(service, CallAs.Service), cancel);
        return await ReportAsync(() => command(host.Services.GetRequiredService<TClient>()));
    }

    /// <summary>The running system, as the clients that a command adds see it.</summary>
    /// <exception cref="SystemIsDownException">Nothing answers; the message says what to do.</exception>
    public static async Task<IHost> ConnectAsync(Action<IServiceCollection> addClients, CancellationToken cancel)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(await RunningSystem.ConfigurationAsync(builder.Configuration, cancel));
        builder.AddServiceDefaults();
        addClients(builder.Services);
        return builder.Build();
    }

    /// <summary>Carries a command out and says why it could not be done.</summary>
    /// <returns>What the command returns; 1: a service refused; 3: one is away.</returns>
    public static async Task<int> ReportAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (RpcException problem)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{problem.Status.Detail}[/]");
            return problem.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded ? 3 : 1;
        }
        catch (HttpRequestException away)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{away.Message}[/]");
            return 3;
        }
    }
}
