using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Imports;

partial class ImportsService
{
    const int MostListed = 50;

    public override async Task<V1.ListImportsResponse> ListImports(V1.ListImportsRequest request, ServerCallContext context)
    {
        var runs = await db.Imports.AsNoTracking().Where(i => i.OwnerId == Owner(context)).OrderByDescending(i => i.Id).Take(MostListed).ToListAsync(context.CancellationToken);
        return new V1.ListImportsResponse { Imports = { await ToMessagesAsync(runs, context.CancellationToken) } };
    }

    public override async Task<V1.GetImportResponse> GetImport(V1.GetImportRequest request, ServerCallContext context) =>
        new() { Import = await ToMessageAsync(await MineAsync(request.Id, context), context.CancellationToken) };
}
