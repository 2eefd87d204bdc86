using Grpc.Core;

namespace Blog.Content.Imports;

partial class ImportsService
{
    public override async Task<V1.CancelImportResponse> CancelImport(V1.CancelImportRequest request, ServerCallContext context)
    {
        var run = await MineAsync(request.Id, context);
        if (!run.CanStop && run.State != ImportState.Cancelled)
            throw WrongState("There is nothing to stop: this import is not at work.");
        // Whoever works on it sees this at the next beat.
        (run.State, run.UpdateTime) = (ImportState.Cancelled, time.GetUtcNow());
        await db.SaveChangesAsync(context.CancellationToken);
        return new V1.CancelImportResponse { Import = await ToMessageAsync(run, context.CancellationToken) };
    }

    public override async Task<V1.DeleteImportResponse> DeleteImport(V1.DeleteImportRequest request, ServerCallContext context)
    {
        var run = await MineAsync(request.Id, context);
        await archives.ForgetAsync(run.OwnerId, run.Id, context.CancellationToken);
        db.Remove(run);
        await db.SaveChangesAsync(context.CancellationToken);
        return new V1.DeleteImportResponse();
    }
}
