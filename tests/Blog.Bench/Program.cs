using System.Diagnostics;
using Blog.Bench;

if (args is ["--bare", var file, var port])
{
    BareKestrel.Serve(file, port);
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    stop.Cancel();
};

var names = args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal) && (i == 0 || args[i - 1] != "--queries")).ToArray();
if (args.Contains("--list") || names.Length == 0)
{
    foreach (var (name, benchmark) in Benchmarks.All) Console.WriteLine($"{name,-18} {benchmark.Description}");
    return args.Contains("--list") ? 0 : 2;
}
if (names.FirstOrDefault(name => !Benchmarks.All.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'. ./blog bench --list shows them.");
    return 2;
}

var figures = new Figures(args.Contains("--json"));
foreach (var name in names)
{
    var watch = Stopwatch.StartNew();
    Figures.Say($"{name}: {Benchmarks.All[name].Description}");
    await Benchmarks.All[name].Run(figures, stop.Token);
    Figures.Say($"{name}: took {watch.Elapsed.TotalSeconds:0} s");
}
await Blog.Bench.Feed.FeedWorld.DisposeSharedAsync();
await Blog.Bench.Search.SearchWorld.DisposeSharedAsync();
figures.Print();
return 0;
