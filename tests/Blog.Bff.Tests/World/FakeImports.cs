using System.Collections.Concurrent;
using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Imports as their contract says they behave, in memory: an archive is read at once.</summary>
sealed class FakeImports : Imports.ImportsBase
{
    public ConcurrentDictionary<string, Import> Kept { get; } = new();
    public ConcurrentDictionary<string, long> Received { get; } = new();

    public override async Task<UploadArchiveResponse> UploadArchive(IAsyncStreamReader<UploadArchiveRequest> requestStream, ServerCallContext context)
    {
        UploadArchiveRequest.Types.Info? info = null;
        long size = 0;
        await foreach (var part in requestStream.ReadAllAsync(context.CancellationToken))
        {
            info ??= part.Info;
            size += part.Chunk?.Length ?? 0;
            if (size > 4 << 20) throw RpcErrors.Create(StatusCode.ResourceExhausted, "The archive is larger than it may be.", "ARCHIVE_TOO_LARGE");
        }
        var now = Timestamp.FromDateTime(DateTime.UtcNow);
        var import = new Import
        {
            Id = Guid.CreateVersion7().ToString(), State = ImportState.Ready, FileName = info!.FileName, SizeBytes = size, Format = "ghost", CreateTime = now, UpdateTime = now,
            Site = info.Handle, Counts = new() { Stories = 1, LeftOut = 1 },
        };
        Kept[import.Id] = import;
        return new() { Import = import };
    }

    Import Mine(string id) => Kept.TryGetValue(id, out var import) ? import : throw RpcErrors.NotFound("There is no such import of yours.");

    public override Task<ListImportsResponse> ListImports(ListImportsRequest request, ServerCallContext context) => Task.FromResult(new ListImportsResponse { Imports = { Kept.Values } });

    public override Task<GetImportResponse> GetImport(GetImportRequest request, ServerCallContext context) => Task.FromResult(new GetImportResponse { Import = Mine(request.Id) });

    public override Task<ListImportItemsResponse> ListImportItems(ListImportItemsRequest request, ServerCallContext context)
    {
        Mine(request.Id);
        return Task.FromResult(request.PageToken == "1"
            ? new ListImportItemsResponse { Items = { new ImportItem { Number = 1, Path = "=cmd", Reason = "is in the bin, \"they\" say", Outcome = ImportItemOutcome.Skipped } } }
            : new ListImportItemsResponse { Items = { new ImportItem { Number = 0, Path = "a.json", Title = "A", Kind = ImportItemKind.Publication, Entries = 2, Notes = { "one", "two" } } }, NextPageToken = "1" });
    }

    public override Task<StartImportResponse> StartImport(StartImportRequest request, ServerCallContext context)
    {
        var import = Mine(request.Id);
        if (request.Site == "nonsense") throw RpcErrors.InvalidArgument(("site", "Enter the full address of the former site."));
        (import.State, import.AsDrafts, import.Site) = (ImportState.Running, request.AsDrafts, request.Site);
        return Task.FromResult(new StartImportResponse { Import = import });
    }

    public override Task<CancelImportResponse> CancelImport(CancelImportRequest request, ServerCallContext context)
    {
        var import = Mine(request.Id);
        if (import.State != ImportState.Running) throw RpcErrors.Create(StatusCode.FailedPrecondition, "There is nothing to stop.", "WRONG_STATE");
        import.State = ImportState.Cancelled;
        return Task.FromResult(new CancelImportResponse { Import = import });
    }

    public override Task<DeleteImportResponse> DeleteImport(DeleteImportRequest request, ServerCallContext context)
    {
        Kept.TryRemove(Mine(request.Id).Id, out _);
        return Task.FromResult(new DeleteImportResponse());
    }
}
