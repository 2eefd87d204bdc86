using System.Net.Sockets;
using System.Runtime.InteropServices;
using Blog.DevBroker;

try
{
    var options = BrokerOptions.Parse(args, Environment.GetEnvironmentVariable);
    using var claim = DataFolderClaim.Take(options.DataFolder, TimeSpan.FromSeconds(5));
    await using var broker = new Broker(options, TimeProvider.System);
    await using var server = new BrokerServer(broker);
    server.Start();

    var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.TrySetResult();
    }

    using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    Console.WriteLine($"ready {broker.AdvertisedHost}:{broker.AdvertisedPort}");
    await stop.Task;
    Console.WriteLine("stopping");
    return 0;
}
catch (Exception e) when (e is BrokerStartException or SocketException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"the broker cannot start: {e.Message}");
    return 1;
}
