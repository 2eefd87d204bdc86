using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Blog.Chaos;
using Microsoft.Extensions.Hosting;
using Npgsql;

if (args is ["--child", var role, var description])
{
    var ledger = JsonSerializer.Deserialize<Ledger>(description)!;
    // Now and then a handler stumbles over an event that it manages the next time.
    var stumbled = new HashSet<string>();
    while (true)
        try
        {
            await using var child = role == "relay"
                ? await ledger.StartServiceAsync(CancellationToken.None)
                : await ledger.StartFollowerAsync(e =>
                {
                    lock (stumbled)
                        if (e.Count % 50 == 0 && stumbled.Add(e.PersonId)) throw new InvalidOperationException("A handler that fails once.");
                }, CancellationToken.None);
            await child.WaitForShutdownAsync();
            return 0;
        }
        catch (NpgsqlException)
        {
            // The database is away at the start: whoever runs services starts them again.
            await Task.Delay(200);
        }
}
int Option(string name, int otherwise) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length
    ? int.Parse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    stop.Cancel();
};
var (seed, commands) = (Option("--seed", Random.Shared.Next(1, 1_000_000)), Option("--commands", 10_000));
var keys = Option("--keys", Math.Clamp(commands / 50, 1, 500));
Console.WriteLine($"seed {seed}, {commands} commands over {keys} keys");
var watch = Stopwatch.StartNew();
await using var run = new ChaosRun(seed, commands, keys, text => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:0.0}s  {text}")));
var result = await run.RunAsync(stop.Token);
if (Environment.GetEnvironmentVariable("BLOG_TEST_LOG") is not null) Console.Error.WriteLine(run.Output);
foreach (var problem in result.Problems) Console.WriteLine("BROKEN: " + problem);
Console.WriteLine(result.Problems.Count == 0
    ? string.Create(CultureInfo.InvariantCulture, $"Kept: {commands} effects, each once and in the order of its key, nothing left over, through {result.Faults} faults in {watch.Elapsed.TotalSeconds:0} s.")
    : $"Broken. Again with: ./blog chaos --seed {seed} --commands {commands} --keys {keys}");
return result.Problems.Count == 0 ? 0 : 1;
