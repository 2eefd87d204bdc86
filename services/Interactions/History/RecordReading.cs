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
        var stored = position is null ? await VisitAsync(person, article, at, cancel) : await ReadOnAsync(person, article, at, position, cancel);
        return new V1.RecordReadingResponse { Stored = stored };
    }

    async Task<bool> VisitAsync(Guid person, Guid article, DateTimeOffset at, CancellationToken cancel) => await db.Database.ExecuteSqlAsync($"""
        insert into readings as r (person_id, article_id, visit_time, fraction)
        select {person}, {article}, {at}, 0 where not exists (select from history_settings where person_id = {person} and paused)
        on conflict (person_id, article_id) do update set visit_time = greatest(r.visit_time, excluded.visit_time)
        """, cancel) > 0;

    /// <summary>
    /// One statement, so that of two devices at the same moment the later reading stays. A finished article has no place to continue at, but
    /// the time it was finished, so that an older place that arrives late does not bring it back.
    /// </summary>
    async Task<bool> ReadOnAsync(Guid person, Guid article, DateTimeOffset at, V1.ReadingPosition position, CancellationToken cancel)
    {
        var finished = position.Fraction >= Reading.Finished;
        DateTimeOffset? finishTime = finished ? at : null;
        string? anchor = finished ? null : position.Anchor, quote = finished ? null : position.Quote;
        int? block = finished ? null : position.Block;
        double? offset = finished ? null : position.Offset;
        var fraction = finished ? 0 : position.Fraction;
        return await db.Database.ExecuteSqlAsync($"""
            insert into readings as r (person_id, article_id, visit_time, finish_time, position_time, anchor, block, quote, block_offset, fraction)
            select {person}, {article}, {at}, {finishTime}::timestamptz, {at}, {anchor}::text, {block}::integer, {quote}::text, {offset}::double precision, {fraction}
            where not exists (select from history_settings where person_id = {person} and paused)
            on conflict (person_id, article_id) do update set
                visit_time = greatest(r.visit_time, excluded.visit_time), finish_time = coalesce(excluded.finish_time, r.finish_time),
                position_time = excluded.position_time, anchor = excluded.anchor, block = excluded.block, quote = excluded.quote,
                block_offset = excluded.block_offset, fraction = excluded.fraction
            where r.position_time is null or r.position_time < excluded.position_time
            """, cancel) > 0;
    }
}
