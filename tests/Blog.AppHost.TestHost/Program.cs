using System.Collections;
using Aspire.Hosting;

// An AppHost that tests can kill, and the .NET project that other tests let an AppHost start.
// --print-environment FILE: writes its environment to the file and stays. Otherwise: runs --Command as the resource "program".
if (args is ["--print-environment", var file])
{
    var lines = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => $"{e.Key}={e.Value}");
    await File.WriteAllLinesAsync(file + ".new", lines);
    File.Move(file + ".new", file);
    await Task.Delay(Timeout.Infinite);
}

var builder = DistributedApplication.CreateBuilder(args);
var command = builder.Configuration["Command"] ?? "exec sleep 1000";
builder.AddExecutable("program", "sh", builder.AppHostDirectory, "-c", command)
    .WithHttpEndpoint(port: int.TryParse(builder.Configuration["Port"], out var port) ? port : null);
builder.AddParameter("greeting", "hello");
builder.Build().Run();

namespace Blog.AppHost.TestHost
{
    /// <summary>Names this assembly.</summary>
    public sealed class Marker;
}
