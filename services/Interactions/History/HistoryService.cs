using Blog.Events.V1;
using Blog.Interactions.Articles;
using Blog.Interactions.Data;
using Blog.Interactions.Lists;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.History;

/// <summary>blog.interactions.v1.History: what a person read and how far. <see cref="RecordReading"/> has a file of its own.</summary>
[Authorize(Policy = Policies.Person)]
sealed partial class HistoryService(InteractionsDbContext db, PublishedArticles articles, TimeProvider time) : V1.History.HistoryBase
{
    static Guid Person(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    Task<bool> IsPausedAsync(Guid person, CancellationToken cancel) => db.Set<HistorySettings>().AnyAsync(settings => settings.PersonId == person && settings.Paused, cancel);

    public override async Task<V1.GetReadingResponse> GetReading(V1.GetReadingRequest request, ServerCallContext context)
    {
        var (person, cancel) = (Person(context), context.CancellationToken);
        var article = Guid.TryParse(request.ArticleId, out var id) ? id : Guid.Empty;
        var reading = await db.Set<Reading>().AsNoTracking().SingleOrDefaultAsync(r => r.PersonId == person && r.ArticleId == article, cancel);
        var saved = await ListsService.SavedAsync(db, person, [article], cancel);
        var response = new V1.GetReadingResponse
        {
            ListIds = { saved[article].Select(list => list.ToString()) },
            FinishTime = ToTimestamp(reading?.FinishTime),
            HistoryPaused = await IsPausedAsync(person, cancel),
        };
        if (reading is { Anchor: { } anchor, Block: { } block, Quote: { } quote, BlockOffset: { } offset, PositionTime: { } at })
        {
            response.Position = new V1.ReadingPosition { Anchor = anchor, Block = block, Quote = quote, Offset = offset, Fraction = reading.Fraction };
            response.PositionTime = ToTimestamp(at);
        }
        return response;
    }

    public override async Task<V1.ListHistoryResponse> ListHistory(V1.ListHistoryRequest request, ServerCallContext context)
    {
        var (person, size, cancel) = (Person(context), PageToken.Size(request.PageSize), context.CancellationToken);
        var readings = db.Set<Reading>().AsNoTracking().Where(r => r.PersonId == person);
        if (PageToken.Read(request.PageToken) is { } from)
            readings = readings.Where(r => EF.Functions.LessThan(ValueTuple.Create(r.VisitTime, r.ArticleId), ValueTuple.Create(from.Time, from.Id)));

        var page = await readings.OrderByDescending(r => r.VisitTime).ThenByDescending(r => r.ArticleId).Take(size + 1).ToListAsync(cancel);
        return new V1.ListHistoryResponse
        {
            Entries = { page.Take(size).Select(r => new V1.HistoryEntry { ArticleId = r.ArticleId.ToString(), VisitTime = ToTimestamp(r.VisitTime), Fraction = r.Fraction, FinishTime = ToTimestamp(r.FinishTime) }) },
            NextPageToken = page.Count > size ? new PageToken(page[size - 1].VisitTime, page[size - 1].ArticleId).ToString() : "",
            Paused = await IsPausedAsync(person, cancel),
        };
    }

    public override async Task<V1.EraseReadingResponse> EraseReading(V1.EraseReadingRequest request, ServerCallContext context)
    {
        var person = Person(context);
        if (Guid.TryParse(request.ArticleId, out var article))
            await EraseAsync(db.Set<Reading>().Where(r => r.PersonId == person && r.ArticleId == article),
                new() { PersonId = person.ToString(), ArticleId = article.ToString(), Change = ReadingChanged.Types.Change.Erased }, context.CancellationToken);
        return new V1.EraseReadingResponse();
    }

    public override async Task<V1.EraseHistoryResponse> EraseHistory(V1.EraseHistoryRequest request, ServerCallContext context)
    {
        var person = Person(context);
        await EraseAsync(db.Set<Reading>().Where(r => r.PersonId == person),
            new() { PersonId = person.ToString(), Change = ReadingChanged.Types.Change.AllErased }, context.CancellationToken);
        return new V1.EraseHistoryResponse();
    }

    /// <summary>Forgets here, and lets others forget. What was sent of a whole history is kept no longer either: a replay would tell it again.</summary>
    Task EraseAsync(IQueryable<Reading> readings, ReadingChanged change, CancellationToken cancel) => db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await readings.ExecuteDeleteAsync(cancel) > 0)
        {
            if (change.Change == ReadingChanged.Types.Change.AllErased)
                await db.Set<OutboxMessage>().Where(m => m.Topic == Topics.Reads && m.Key == change.PersonId && m.PublishedAt != null).ExecuteDeleteAsync(cancel);
            db.Publish(Topics.Reads, Guid.Parse(change.PersonId), change, time);
            await db.SaveChangesAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
    });

    public override async Task<V1.UpdateHistorySettingsResponse> UpdateHistorySettings(V1.UpdateHistorySettingsRequest request, ServerCallContext context)
    {
        var person = Person(context);
        await db.Database.ExecuteSqlAsync(
            $"insert into history_settings (person_id, paused) values ({person}, {request.Paused}) on conflict (person_id) do update set paused = excluded.paused",
            context.CancellationToken);
        return new V1.UpdateHistorySettingsResponse { Paused = request.Paused };
    }

    static Timestamp? ToTimestamp(DateTimeOffset? moment) => moment is { } at ? Timestamp.FromDateTimeOffset(at) : null;
}
