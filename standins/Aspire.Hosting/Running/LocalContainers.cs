using System.Globalization;
using System.Reflection;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Container images for which a local program stands in.</summary>
public static class LocalContainers
{
    static string Root => typeof(LocalContainers).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "ContainersRoot").Value!;

    /// <summary>The program for an image, told to listen on the ports of the resource's endpoints.</summary>
    public static LocalProcess Launch(string image, LocalProcessContext context) => image switch
    {
        "maildev/maildev" => MailDev(context),
        _ => throw new NotSupportedException($"No local program stands in for the image {image}. Run with -p:BlogPackages=Official, where containers are real."),
    };

    static LocalProcess MailDev(LocalProcessContext context)
    {
        var folder = Path.Combine(Root, "maildev");
        var script = Path.Combine(folder, "node_modules", "maildev", "bin", "maildev");
        if (!File.Exists(script))
            throw new DistributedApplicationException($"maildev is not installed: run 'npm ci' in {folder}, or './blog up', which does.");

        // Inside its image maildev listens on 1025 for mail and 1080 for its page.
        string PortFor(int inside) => context.Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => e.TargetPort == inside) is { } endpoint
            ? context.Port(endpoint.Name).ToString(CultureInfo.InvariantCulture)
            : throw new DistributedApplicationException($"'{context.Resource.Name}' needs an endpoint for the container's port {inside}.");
        return new LocalProcess("node", [
            "--max-old-space-size=128", script, "--ip", "127.0.0.1", "--smtp", PortFor(1025), "--web", PortFor(1080),
            "--mail-directory", context.DataFolder, .. context.Arguments])
        {
            WorkingDirectory = folder,
        };
    }
}
