using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Claps;

partial class ClapsService
{
    const int MostSubjects = 201;

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.GetMyClapsResponse> GetMyClaps(V1.GetMyClapsRequest request, ServerCallContext context)
    {
        var person = Caller(context);
        if (request.SubjectIds.Count > MostSubjects)
            throw RpcErrors.InvalidArgument(("subject_ids", $"Ask for up to {MostSubjects} at once."));
        var ids = request.SubjectIds.Select(id => Guid.TryParseExact(id, "D", out var known) ? known : Guid.Empty).Distinct().ToArray();
        var claps = await db.Set<Clap>().AsNoTracking().Where(c => c.PersonId == person && ids.Contains(c.SubjectId)).ToListAsync(context.CancellationToken);
        var answer = new V1.GetMyClapsResponse();
        foreach (var clap in claps)
            answer.Counts[clap.SubjectId.ToString()] = clap.Count;
        return answer;
    }
}
