using System.Data;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.History;

partial class HistoryService
{
    public override async Task<V1.RecordReadingResponse> RecordReading(V1.RecordReadingRequest request, ServerCallContext context)
    {
        var (person, cancel) = (Person(context), context.CancellationToken);
        var at = Reading.TimeOf(request.ReadTime?.ToDateTimeOffset(), request.SendTime?.ToDateTimeOffset(), time.GetUtcNow());
        var position = request.Position is { } sent ? Reading.Checked(sent) : null;
        var article = await articles.MustBePublishedAsync(request.ArticleId, cancel);
        var told = Reading.ToldBy(position?.Fraction ?? 0);
        var stored = false;
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
            var former = position is null ? await VisitAsync(person, article, at, cancel) : await ReadOnAsync(person, article, at, position, told, cancel);
            stored = former is not null;
            if (former < told)
            {
                db.Publish(Topics.Reads, person, new ReadingChanged
                {
                    PersonId = person.ToString(), ArticleId = article.ToString(), Change = ReadingChanged.Types.Change.Read,
                    Fraction = position?.Fraction ?? 0, Finished = told == Reading.ToldFinished,
                }, time);
                await db.SaveChangesAsync(cancel);
            }
            await transaction.CommitAsync(cancel);
        });
        return new V1.RecordReadingResponse { Stored = stored };
    }

    /// <returns>What others were told before: a quarter, -1 for nothing; null: nothing was stored.</returns>
    async Task<int?> VisitAsync(Guid person, Guid article, DateTimeOffset at, CancellationToken cancel) => Single(await db.Database.SqlQuery<int>($"""
        insert into readings as r (person_id, article_id, visit_time, fraction, told)
        select {person}, {article}, {at}, 0, 0 where not exists (select from history_settings where person_id = {person} and paused)
        on conflict (person_id, article_id) do update set visit_time = greatest(r.visit_time, excluded.visit_time)
        returning coalesce((select told from readings where person_id = {person} and article_id = {article}), -1)::int as "Value"
        """).ToListAsync(cancel));

    /// <summary>
    /// One statement, so that of two devices at the same moment the later reading stays. A finished article has no place to continue at, but
    /// the time it was finished, so that an older place that arrives late does not bring it back.
    /// </summary>
    /// <returns>As <see cref="VisitAsync"/>.</returns>
    async Task<int?> ReadOnAsync(Guid person, Guid article, DateTimeOffset at, V1.ReadingPosition position, int told, CancellationToken cancel)
    {
        var finished = position.Fraction >= Reading.Finished;
        DateTimeOffset? finishTime = finished ? at : null;
        string? anchor = finished ? null : position.Anchor, quote = finished ? null : position.Quote;
        int? block = finished ? null : position.Block;
        double? offset = finished ? null : position.Offset;
        var fraction = finished ? 0 : position.Fraction;
        return Single(await db.Database.SqlQuery<int>($"""
            insert into readings as r (person_id, article_id, visit_time, finish_time, position_time, anchor, block, quote, block_offset, fraction, told)
            select {person}, {article}, {at}, {finishTime}::timestamptz, {at}, {anchor}::text, {block}::integer, {quote}::text, {offset}::double precision, {fraction}, {told}
            where not exists (select from history_settings where person_id = {person} and paused)
            on conflict (person_id, article_id) do update set
                visit_time = greatest(r.visit_time, excluded.visit_time), finish_time = coalesce(excluded.finish_time, r.finish_time),
                position_time = excluded.position_time, anchor = excluded.anchor, block = excluded.block, quote = excluded.quote,
                block_offset = excluded.block_offset, fraction = excluded.fraction, told = greatest(r.told, excluded.told)
            where r.position_time is null or r.position_time < excluded.position_time
            returning coalesce((select told from readings where person_id = {person} and article_id = {article}), -1)::int as "Value"
            """).ToListAsync(cancel));
    }

    // The subquery of RETURNING sees the row as it was when the statement began.
    static int? Single(List<int> returned) => returned.Count == 0 ? null : returned[0];
}
