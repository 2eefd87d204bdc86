using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Publications;

partial class PublicationsService
{
    const int MaxOwned = 20;

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.CreatePublicationResponse> CreatePublication(V1.CreatePublicationRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        if (await db.FindStoredAnswerAsync<V1.CreatePublicationResponse>(me, request, context) is { } before)
            return before;
        var (input, problems) = Publication.Read(request.Publication);
        if (problems.Count > 0)
            throw RpcErrors.InvalidArgument([.. problems]);
        await MustOwnFewAsync(me, cancel);
        return await db.InTransactionAsync(async () =>
        {
            var publication = new Publication
            {
                Id = Guid.CreateVersion7(), Slug = input.Slug, Name = input.Name, Description = input.Description, PictureMediaId = input.Picture, CreateTime = articles.Now(), Revision = 1,
            };
            await TakeSlugAsync(publication, input.Slug, cancel);
            db.Add(publication);
            db.Add(new PublicationMember { PublicationId = publication.Id, PersonId = me, Role = PublicationRole.Owner, JoinTime = articles.Now() });
            Tell(publication);
            var answer = new V1.CreatePublicationResponse { Publication = publication.ToMessage() };
            db.StoreAnswer(me, request, answer, context, time);
            return answer;
        }, cancel);
    }

    async Task MustOwnFewAsync(Guid person, CancellationToken cancel)
    {
        if (await db.PublicationMembers.CountAsync(m => m.PersonId == person && m.Role == PublicationRole.Owner, cancel) >= MaxOwned)
            throw RpcErrors.Create(StatusCode.ResourceExhausted, $"Nobody owns more than {MaxOwned} publications.", "TOO_MANY_PUBLICATIONS");
    }

    async Task TakeSlugAsync(Publication publication, string slug, CancellationToken cancel)
    {
        if (await db.PublicationSlugs.AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug, cancel) is not { } taken)
            db.Add(new PublicationSlug { Slug = slug, PublicationId = publication.Id, TakenTime = articles.Now() });
        else if (taken.PublicationId != publication.Id)
            throw RpcErrors.Create(StatusCode.AlreadyExists, "Another publication has, or had, this address. Choose a different one.", "SLUG_TAKEN");
        publication.Slug = slug;
    }
}
