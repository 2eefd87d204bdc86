using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Media;

partial class MediaService
{
    public override async Task<V1.GetMediaResponse> GetMedia(V1.GetMediaRequest request, ServerCallContext context) =>
        Guid.TryParseExact(request.Id, "D", out var id) && await db.Media.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, context.CancellationToken) is { } picture
            ? new V1.GetMediaResponse { Media = ToMessage(picture) }
            : throw RpcErrors.NotFound("There is no such picture.");
}
