using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Content.Imports;

partial class ImportsService
{
    const int LongestSite = 300;

    public override async Task<V1.StartImportResponse> StartImport(V1.StartImportRequest request, ServerCallContext context)
    {
        var run = await MineAsync(request.Id, context);
        var site = request.Site.Trim();
        if (site.Length > 0 && !(site.Length <= LongestSite && Uri.TryCreate(site, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0))
            throw RpcErrors.InvalidArgument(("site", "Enter the full address of the former site, beginning with https:// or http://."));
        if (run.State is ImportState.Running or ImportState.Done)
            return new V1.StartImportResponse { Import = await ToMessageAsync(run, context.CancellationToken) };
        if (!run.CanStart)
            throw WrongState("This import cannot be started: its archive has not been read.");
        // Whoever still holds it goes on; two at once would be in each other's way.
        (run.State, run.AsDrafts, run.Site, run.UpdateTime) = (ImportState.Running, request.AsDrafts, site, time.GetUtcNow());
        await db.SaveChangesAsync(context.CancellationToken);
        bell.Ring();
        return new V1.StartImportResponse { Import = await ToMessageAsync(run, context.CancellationToken) };
    }
}
