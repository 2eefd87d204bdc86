using Blog.Content.Data;
using Blog.Content.Publications;
using Blog.Content.Revisions;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Exports;

/// <summary>blog.content.v1.Exports. Each use case is a file of this folder; here is who may ask for what.</summary>
[Authorize(Policy = Policies.PersonOrService)]
sealed partial class ExportsService(ContentDbContext db, RevisionLog revisions) : V1.Exports.ExportsBase
{
    static Guid Id(string id) => Guid.TryParseExact(id, "D", out var known) ? known : Guid.Empty;

    /// <summary>The caller, or whom a service names.</summary>
    static Guid Whose(string personId, ServerCallContext context) => context.GetHttpContext().User.AskingFor(personId)
        ?? throw RpcErrors.InvalidArgument(("person_id", "Say whose it is."));

    /// <summary>The publication, for its owners and editors; to everybody else there is nothing to export.</summary>
    async Task<Guid> PublicationAsync(string publicationId, string personId, ServerCallContext context)
    {
        var (publication, person) = (Id(publicationId), Whose(personId, context));
        return await db.PublicationMembers.AnyAsync(m => m.PublicationId == publication && m.PersonId == person && m.Role <= PublicationRole.Editor, context.CancellationToken)
            ? publication
            : throw RpcErrors.NotFound("There is no such publication that you can export.");
    }
}
