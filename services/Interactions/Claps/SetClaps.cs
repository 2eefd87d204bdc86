using Blog.Events.V1;
using Blog.ServiceDefaults.ReadModels;
using Blog.Interactions.Responses;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Claps;

partial class ClapsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.SetClapsResponse> SetClaps(V1.SetClapsRequest request, ServerCallContext context)
    {
        var (person, cancel) = (Caller(context), context.CancellationToken);
        if (request.Claps is < 0 or > Clap.Most)
            throw RpcErrors.InvalidArgument(("claps", $"You can clap up to {Clap.Most} times."));
        var subject = await SubjectAsync(request.SubjectId, cancel);
        if (subject.AuthorId == person)
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "You wrote this yourself: the applause is for others to give.", "OWN_WORK");
        if (request.Claps > 0 && await db.AreApartAsync(person, subject.AuthorId, cancel))
            throw RpcErrors.Create(StatusCode.PermissionDenied, "You cannot clap here.", "APART");

        long total = 0;
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            // Two of the same person at once take turns; different people never wait for each other.
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({$"{subject.Id}{person}"}, 0))", cancel);
            var former = await db.Set<Clap>().AsNoTracking().SingleOrDefaultAsync(c => c.SubjectId == subject.Id && c.PersonId == person, cancel);
            if ((former?.Count ?? 0) != request.Claps)
                await ReplaceAsync(subject, person, former, (short)request.Claps, cancel);
            total = await db.Set<ClapTotal>().Where(t => t.SubjectId == subject.Id).SumAsync(t => t.Claps, cancel);
            if ((former?.Count ?? 0) != request.Claps)
                db.Publish(Topics.Claps, subject.Id, new ClapsChanged
                {
                    SubjectId = subject.Id.ToString(),
                    SubjectIsResponse = subject.Response is not null,
                    ArticleId = subject.ArticleId.ToString(),
                    SubjectAuthorId = subject.AuthorId.ToString(),
                    PersonId = person.ToString(),
                    Count = request.Claps,
                    FormerCount = former?.Count ?? 0,
                    Total = total,
                }, time);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        });
        return new V1.SetClapsResponse { Claps = request.Claps, Total = total };
    }

    async Task ReplaceAsync(Subject subject, Guid person, Clap? former, short count, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (count == 0)
            await db.Database.ExecuteSqlAsync($"delete from clap where subject_id = {subject.Id} and person_id = {person}", cancel);
        else
            await db.Database.ExecuteSqlAsync(
                $"""
                insert into clap (subject_id, person_id, article_id, count, clapped_at) values ({subject.Id}, {person}, {subject.ArticleId}, {count}, {now})
                on conflict (subject_id, person_id) do update set count = excluded.count, clapped_at = excluded.clapped_at
                """, cancel);

        var claps = (long)count - (former?.Count ?? 0);
        var people = (count > 0 ? 1L : 0L) - (former is null ? 0 : 1);
        var weight = (count * Applause.WeightAt(now)) - (former is null ? 0 : former.Count * Applause.WeightAt(former.ClappedAt));
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into clap_total (subject_id, slot, claps, people, weight) values ({subject.Id}, {Applause.SlotOf(person)}, {claps}, {people}, {weight})
            on conflict (subject_id, slot) do update
            set claps = clap_total.claps + excluded.claps, people = clap_total.people + excluded.people, weight = clap_total.weight + excluded.weight
            """, cancel);
        if (subject.Response is { } response)
            await RankAsync(response, cancel);
    }

    // Whoever finds the response being ranked leaves the order to the next clap; the sums are exact either way.
    async Task RankAsync(Response response, CancellationToken cancel)
    {
        var own = Applause.WeightAt(response.CreatedAt);
        await db.Database.ExecuteSqlAsync(
            $"""
            update response set score = ln(greatest({own}, {own} + (select coalesce(sum(weight), 0) from clap_total where subject_id = {response.Id}))) / ln(2::float8)
            where article_id = {response.ArticleId} and id = (select id from response where article_id = {response.ArticleId} and id = {response.Id} for update skip locked)
            """, cancel);
    }
}
