using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.Content.Revisions;
using Blog.Events.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Publications;

/// <summary>blog.content.v1.Publications. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class PublicationsService(ContentDbContext db, ArticlesService articles, ArticleRendering rendering, RevisionLog revisions, Users.V1.Relations.RelationsClient relations, TimeProvider time)
    : V1.Publications.PublicationsBase
{
    static Guid Me(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    static Guid Id(string id) => Guid.TryParseExact(id, "D", out var parsed) ? parsed : Guid.Empty;

    static RpcException NoSuchPublication() => RpcErrors.NotFound("There is no such publication.");

    async Task<Publication> PublicationAsync(Guid id, CancellationToken cancel) =>
        await db.Publications.SingleOrDefaultAsync(p => p.Id == id, cancel) ?? throw NoSuchPublication();

    /// <summary>The publication, whose people nobody else changes until the transaction ends.</summary>
    async Task<Publication> LockedAsync(Guid id, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from publication_profiles where id = {id} for update", cancel);
        return await PublicationAsync(id, cancel);
    }

    async Task<PublicationRole?> RoleAsync(Guid publication, Guid person, CancellationToken cancel) =>
        (await db.PublicationMembers.AsNoTracking().SingleOrDefaultAsync(m => m.PublicationId == publication && m.PersonId == person, cancel))?.Role;

    /// <summary>The caller's role, when it allows what this one may do.</summary>
    async Task<PublicationRole> MustBeAsync(PublicationRole atLeast, Guid publication, Guid person, CancellationToken cancel) =>
        await RoleAsync(publication, person, cancel) is { } role && role <= atLeast
            ? role
            : throw RpcErrors.Create(StatusCode.PermissionDenied, atLeast switch
            {
                PublicationRole.Owner => "Only owners of the publication do this.",
                PublicationRole.Editor => "Only editors and owners of the publication do this.",
                _ => "Only members of the publication do this.",
            }, atLeast == PublicationRole.Owner ? "NOT_OWNER" : "NOT_ALLOWED");

    void Tell(Publication publication, string formerSlug = "") => db.Publish(Topics.Publications, publication.Id,
        new PublicationChanged { PublicationId = publication.Id.ToString(), Slug = publication.Slug, FormerSlug = formerSlug, Name = publication.Name, Revision = publication.Revision }, time);

    async Task TellAsync(Submission submission, string title, CancellationToken cancel)
    {
        var editors = await db.PublicationMembers.Where(m => m.PublicationId == submission.PublicationId && m.Role <= PublicationRole.Editor).Select(m => m.PersonId).ToListAsync(cancel);
        db.Publish(Topics.Submissions, submission.Id, new SubmissionChanged
        {
            SubmissionId = submission.Id.ToString(),
            PublicationId = submission.PublicationId.ToString(),
            ArticleId = submission.ArticleId.ToString(),
            AuthorId = submission.AuthorId.ToString(),
            EditorIds = { editors.Select(id => id.ToString()) },
            State = (SubmissionChanged.Types.State)submission.State,
            AnsweredBy = submission.AnsweredBy?.ToString() ?? "",
            Title = title,
        }, time);
    }
}
