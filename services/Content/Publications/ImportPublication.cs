using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Publications;

partial class PublicationsService
{
    const int MaxSource = 500, MaxImportedAtOnce = 200, MaxSlugsTried = 100;

    [Authorize(Policy = Policies.Service)]
    public override Task<V1.ImportPublicationResponse> ImportPublication(V1.ImportPublicationRequest request, ServerCallContext context) => ImportAsync(request, context.CancellationToken);

    /// <summary>The same for an import that runs in this service.</summary>
    internal Task<V1.ImportPublicationResponse> ImportAsync(V1.ImportPublicationRequest request, CancellationToken cancel)
    {
        var (owner, sent) = (Id(request.OwnerId), request.Publication ?? new());
        if (owner == Guid.Empty)
            throw RpcErrors.InvalidArgument(("owner_id", "Say whose it becomes."));
        if (request.Source.Length is 0 or > MaxSource)
            throw RpcErrors.InvalidArgument(("source", $"Name it in its archive, in up to {MaxSource} characters."));
        if (sent.ArticleIds.Count > MaxImportedAtOnce || sent.Members.Count > MaxListed)
            throw RpcErrors.InvalidArgument(("publication", $"At most {MaxImportedAtOnce} articles and {MaxListed} members come at a time."));
        var (input, problems) = Publication.Read(new V1.PublicationInput { Slug = sent.Slug, Name = sent.Name, Description = sent.Description, PictureMediaId = sent.PictureMediaId });
        if (problems.Count > 0)
            throw RpcErrors.InvalidArgument([.. problems]);
        var id = NamedId.Of(owner.ToString(), "publication", request.Source);
        return db.InTransactionAsync(async () =>
        {
            await db.Database.ExecuteSqlAsync($"select 1 from publication_profiles where id = {id} for update", cancel);
            var created = await db.Publications.SingleOrDefaultAsync(p => p.Id == id, cancel) is null;
            if (created)
                await BeginAsync(id, owner, sent, input, cancel);
            return new V1.ImportPublicationResponse { Created = created, Added = await AddAsync(id, sent.ArticleIds, cancel) };
        }, cancel);
    }

    async Task BeginAsync(Guid id, Guid owner, V1.ExportedPublication sent, (string Slug, string Name, string Description, Guid? Picture) input, CancellationToken cancel)
    {
        await MustOwnFewAsync(owner, cancel);
        var publication = new Publication { Id = id, Slug = input.Slug, Name = input.Name, Description = input.Description, PictureMediaId = input.Picture, CreateTime = Past(sent.CreateTime), Revision = 1 };
        await TakeSlugAsync(publication, await FreeSlugAsync(input.Slug, cancel), cancel);
        await KeepFormerAsync(publication, sent.FormerSlugs, cancel);
        db.Add(publication);
        var others = sent.Members.Where(m => Id(m.PersonId) is var person && person != Guid.Empty && person != owner && m.Role is >= V1.PublicationRole.Owner and <= V1.PublicationRole.Writer).DistinctBy(m => m.PersonId);
        db.Add(new PublicationMember { PublicationId = id, PersonId = owner, Role = PublicationRole.Owner, JoinTime = Past(sent.Members.FirstOrDefault(m => Id(m.PersonId) == owner)?.JoinTime) });
        foreach (var member in others)
            db.Add(new PublicationMember { PublicationId = id, PersonId = Id(member.PersonId), Role = (PublicationRole)member.Role, JoinTime = Past(member.JoinTime) });
        Tell(publication);
    }

    async Task<string> FreeSlugAsync(string wished, CancellationToken cancel)
    {
        var tried = Enumerable.Range(1, MaxSlugsTried).Select(n => n == 1 ? wished : $"{wished[..Math.Min(wished.Length, Publication.MaxSlug - 4)].TrimEnd('-')}-{n}").ToArray();
        var taken = await db.PublicationSlugs.Where(s => tried.Contains(s.Slug)).Select(s => s.Slug).ToListAsync(cancel);
        return tried.FirstOrDefault(slug => !taken.Contains(slug)) ?? wished;
    }

    /// <summary>Old addresses lead to it, unless they lead to another.</summary>
    async Task KeepFormerAsync(Publication publication, IEnumerable<string> formerSlugs, CancellationToken cancel)
    {
        var wanted = formerSlugs.Where(slug => Publication.IsSlug(slug) && slug != publication.Slug).Distinct().Take(MaxSlugsTried).ToArray();
        var taken = await db.PublicationSlugs.Where(s => wanted.Contains(s.Slug)).Select(s => s.Slug).ToListAsync(cancel);
        foreach (var slug in wanted.Except(taken))
            db.Add(new PublicationSlug { Slug = slug, PublicationId = publication.Id, TakenTime = articles.Now() });
    }

    async Task<int> AddAsync(Guid publication, IEnumerable<string> articleIds, CancellationToken cancel)
    {
        var wanted = articleIds.Select(Id).Distinct().ToArray();
        var free = await db.Articles.Where(a => wanted.Contains(a.Id) && a.PublicationId == null).ToListAsync(cancel);
        foreach (var article in free)
            await articles.PutAsync(article, publication, cancel);
        return free.Count;
    }

    DateTimeOffset Past(Timestamp? sent) => articles.Past(sent) ?? articles.Now();
}
