using Blog.Events.V1;
using Blog.Recommendations.Articles;
using Blog.Recommendations.Data;
using Blog.Recommendations.Experiments;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Kind = Blog.Recommendations.V1.Outcome.Types.Kind;

namespace Blog.Recommendations.Signals;

/// <summary>Writes what a person did with an article. Each kind of event sets its own columns to the state it tells, so events of different topics do not overtake each other.</summary>
sealed class SignalWriter(RecommendationsDbContext db, IOptions<RecommendationsOptions> options, TimeProvider time)
{
    NpgsqlConnection Connection => (NpgsqlConnection)db.Database.GetDbConnection();

    /// <param name="person">Who.</param>
    /// <param name="article">With which article.</param>
    /// <param name="at">When.</param>
    /// <param name="column">Which column is set.</param>
    /// <param name="value">To what, when there is no row: an expression that may use $4 and $5. Falsy states make no row.</param>
    /// <param name="change">To what, when there is one.</param>
    /// <param name="present">False: the state ends; only an existing row changes.</param>
    /// <param name="values">$4 and on.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task SetAsync(string person, string article, DateTimeOffset at, string column, string value, string change, bool present, object?[] values, CancellationToken cancel)
    {
        var who = Guid.Parse(person);
        var number = await Connection.NumberOfAsync(Guid.Parse(article), cancel);
        var changed = present
            ? await Connection.DoAsync(
                $"""
                insert into signals as s (person_id, number, last_at, {column}) values ($1, $2, $3, {value})
                on conflict (person_id, number) do update set last_at = greatest(s.last_at, $3), {change}
                """, [who, number, at.UtcDateTime, .. values], cancel)
            : await Connection.DoAsync($"update signals s set {change} where person_id = $1 and number = $2", [who, number, at.UtcDateTime, .. values], cancel);
        if (changed == 0)
            return;
        if (!present)
            await ForgetEmptyAsync(who, number, cancel);
        await Connection.MeasureAsync([number], Due, cancel);
    }

    /// <summary>Forgets what was read of one article, or of all of them. What the person said in public (claps, responses) stays: it was not history.</summary>
    public async Task EraseReadingsAsync(Guid person, string? article, CancellationToken cancel)
    {
        // What is measured anew is all that was learned from pairs of this person's articles.
        var touched = await Connection.ListAsync<int>("select number from signals where person_id = $1", [person], cancel);
        var number = article is null ? (int?)null : await Connection.NumberOfAsync(Guid.Parse(article), cancel);
        await Connection.DoAsync(
            "update signals set read_at = null, fraction = 0, finished = false where person_id = $1 and (number = $2 or $2::int is null) and read_at is not null", [person, number], cancel);
        await ForgetEmptyAsync(person, number, cancel);
        if (article is null)
            await Connection.DoAsync("delete from shown where person_id = $1", [person], cancel);
        await Connection.MeasureAsync([.. touched], Due, cancel);
    }

    DateTime Due => (time.GetUtcNow() + options.Value.Gather).UtcDateTime;

    Task<int> ForgetEmptyAsync(Guid person, int? number, CancellationToken cancel) =>
        Connection.DoAsync("delete from signals where person_id = $1 and (number = $2 or $2::int is null) and strength = 0", [person, number], cancel);
}

/// <summary>Follows interactions.reads.v1.</summary>
sealed class ReadingHandler(SignalWriter signals, Outcomes outcomes) : IEventHandler<ReadingChanged>
{
    public async Task HandleAsync(ReadingChanged message, EventContext context, CancellationToken cancel)
    {
        var person = Guid.Parse(message.PersonId);
        switch (message.Change)
        {
            case ReadingChanged.Types.Change.Read:
                await signals.SetAsync(message.PersonId, message.ArticleId, context.Time, "read_at, fraction, finished", "$3, $4, $5",
                    "read_at = greatest(s.read_at, $3), fraction = greatest(s.fraction, $4), finished = s.finished or $5", present: true, [(float)message.Fraction, message.Finished], cancel);
                await outcomes.NoteAsync(person, context.Time, cancel, message.Finished ? [Kind.Opened, Kind.Finished] : [Kind.Opened]);
                break;
            case ReadingChanged.Types.Change.Erased:
                await signals.EraseReadingsAsync(person, message.ArticleId, cancel);
                break;
            case ReadingChanged.Types.Change.AllErased:
                await signals.EraseReadingsAsync(person, null, cancel);
                await outcomes.ForgetReadingsAsync(person, cancel);
                break;
        }
    }
}

/// <summary>Follows interactions.saves.v1.</summary>
sealed class SaveHandler(SignalWriter signals) : IEventHandler<SaveChanged>
{
    public Task HandleAsync(SaveChanged message, EventContext context, CancellationToken cancel) =>
        signals.SetAsync(message.PersonId, message.ArticleId, context.Time, "saved", "$4", "saved = $4", message.Saved, [message.Saved], cancel);
}

/// <summary>Follows interactions.claps.v1. Claps for a response say nothing of the article.</summary>
sealed class ClapsHandler(SignalWriter signals, Outcomes outcomes) : IEventHandler<ClapsChanged>
{
    public async Task HandleAsync(ClapsChanged message, EventContext context, CancellationToken cancel)
    {
        if (message.SubjectIsResponse)
            return;
        await signals.SetAsync(message.PersonId, message.ArticleId, context.Time, "claps", "$4", "claps = $4", message.Count > 0, [(short)message.Count], cancel);
        if (message.Count > 0)
            await outcomes.NoteAsync(Guid.Parse(message.PersonId), context.Time, cancel, Kind.Clapped);
    }
}

/// <summary>Follows interactions.responses.v1.</summary>
sealed class ResponseHandler(SignalWriter signals) : IEventHandler<ResponseChanged>
{
    public Task HandleAsync(ResponseChanged message, EventContext context, CancellationToken cancel) => message.Change switch
    {
        ResponseChanged.Types.Change.Created or ResponseChanged.Types.Change.Shown => Marks.SetAsync(signals, "responses", message.AuthorId, message.ArticleId, message.ResponseId, true, context.Time, cancel),
        ResponseChanged.Types.Change.Deleted or ResponseChanged.Types.Change.Hidden => Marks.SetAsync(signals, "responses", message.AuthorId, message.ArticleId, message.ResponseId, false, context.Time, cancel),
        _ => Task.CompletedTask,
    };
}

/// <summary>Follows interactions.highlights.v1.</summary>
sealed class HighlightHandler(SignalWriter signals) : IEventHandler<HighlightChanged>
{
    public Task HandleAsync(HighlightChanged message, EventContext context, CancellationToken cancel) =>
        Marks.SetAsync(signals, "highlights", message.PersonId, message.ArticleId, message.HighlightId, message.Present, context.Time, cancel);
}

/// <summary>What can be done several times with one article: kept by id, so that the last one that goes takes the signal with it.</summary>
static class Marks
{
    const int Most = 20;

    public static Task SetAsync(SignalWriter signals, string column, string person, string article, string mark, bool present, DateTimeOffset at, CancellationToken cancel) =>
        signals.SetAsync(person, article, at, column, "array[$4::uuid]",
            present ? $"{column} = case when $4 = any(s.{column}) or cardinality(s.{column}) >= {Most} then s.{column} else s.{column} || $4::uuid end" : $"{column} = array_remove(s.{column}, $4::uuid)",
            present, [Guid.Parse(mark)], cancel);
}
