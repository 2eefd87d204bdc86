using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Claps;

partial class ClapsService
{
    public override async Task<V1.ListClappersResponse> ListClappers(V1.ListClappersRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var size = PageToken.Size(request.PageSize);
        var from = PageToken.Read(request.PageToken);
        if (!Guid.TryParseExact(request.SubjectId, "D", out var subject))
            return new V1.ListClappersResponse();

        var claps = db.Set<Clap>().AsNoTracking().Where(c => c.SubjectId == subject);
        if (from is { } start)
            claps = claps.Where(c => EF.Functions.LessThan(ValueTuple.Create(c.ClappedAt, c.PersonId), ValueTuple.Create(start.Time, start.Id)));
        var page = await claps.OrderByDescending(c => c.ClappedAt).ThenByDescending(c => c.PersonId).Take(size + 1).ToListAsync(cancel);
        var totals = await db.Set<ClapTotal>().AsNoTracking().Where(t => t.SubjectId == subject).ToListAsync(cancel);
        return new V1.ListClappersResponse
        {
            Clappers =
            {
                page.Take(size).Select(clap => new V1.Clapper { PersonId = clap.PersonId.ToString(), Count = clap.Count, Time = Timestamp.FromDateTimeOffset(clap.ClappedAt) }),
            },
            NextPageToken = page.Count > size ? new PageToken(page[size - 1].ClappedAt, page[size - 1].PersonId).ToString() : "",
            TotalClaps = totals.Sum(t => t.Claps),
            TotalPeople = totals.Sum(t => t.People),
        };
    }
}
