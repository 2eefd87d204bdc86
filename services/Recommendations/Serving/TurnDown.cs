using Blog.Events.V1;
using Blog.Recommendations.Data;
using Blog.Recommendations.People;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Recommendations.Serving;

partial class ForYouService
{
    const int LongestSlug = 100;

    public override async Task<V1.TurnDownResponse> TurnDown(V1.TurnDownRequest request, ServerCallContext context)
    {
        var (person, cancel) = (Person(context), context.CancellationToken);
        var (kind, subject) = Subject(request.Kind, request.SubjectId);
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        int? number = null;
        if (kind == TurnedDownKind.Article)
        {
            if (await connection.ListAsync<int>("select number from articles where article_id = $1", [Guid.Parse(subject)], cancel) is not [var known])
                throw RpcErrors.NotFound("There is no such article.");
            number = known;
        }
        await ChangeAsync(person, kind, subject, true, now =>
            ("insert into turned_down (person_id, kind, subject, number, time, id) values ($1, $2, $3, $4, $5, $6) on conflict do nothing", [person, (short)kind, subject, number, now.UtcDateTime, Guid.CreateVersion7(now)]), cancel);
        return new V1.TurnDownResponse();
    }

    public override async Task<V1.UndoTurnDownResponse> UndoTurnDown(V1.UndoTurnDownRequest request, ServerCallContext context)
    {
        var (person, (kind, subject)) = (Person(context), Subject(request.Kind, request.SubjectId));
        await ChangeAsync(person, kind, subject, false, _ => ("delete from turned_down where person_id = $1 and kind = $2 and subject = $3", [person, (short)kind, subject]), context.CancellationToken);
        return new V1.UndoTurnDownResponse();
    }

    /// <summary>The change and the event that tells of it; neither where nothing changes.</summary>
    Task ChangeAsync(Guid person, TurnedDownKind kind, string subject, bool turnedDown, Func<DateTimeOffset, (string Sql, object?[] Values)> change, CancellationToken cancel) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var now = time.GetUtcNow();
            var (sql, values) = change(now);
            if (await ((NpgsqlConnection)db.Database.GetDbConnection()).DoAsync(sql, values, cancel) == 0)
                return;
            db.Publish(Topics.TurnDowns, person,
                new TurnDownChanged { PersonId = person.ToString(), Kind = (TurnDownChanged.Types.Kind)kind, SubjectId = subject, TurnedDown = turnedDown }, time);
            if (turnedDown)
                await outcomes.NoteAsync(person, now, cancel, V1.Outcome.Types.Kind.TurnedDown);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        });

    public override async Task<V1.ListTurnDownsResponse> ListTurnDowns(V1.ListTurnDownsRequest request, ServerCallContext context)
    {
        var (size, from, cancel) = (PageToken.Size(request.PageSize), PageToken.Read(request.PageToken), context.CancellationToken);
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var select = connection.Statement(
            """
            select kind, subject, time, id from turned_down where person_id = $1 and ($2::timestamptz is null or (time, id) < ($2, $3))
            order by time desc, id desc limit $4
            """, Person(context), from?.Time.UtcDateTime, from?.Id, size + 1);
        await using var row = await select.ExecuteReaderAsync(cancel);
        var (found, last) = (new List<V1.TurnedDown>(), default(PageToken));
        var more = false;
        while (await row.ReadAsync(cancel))
        {
            if (more = found.Count == size)
                break;
            last = new(row.GetDateTime(2), row.GetGuid(3));
            found.Add(new V1.TurnedDown { Kind = (V1.TurnedDown.Types.Kind)row.GetInt16(0), SubjectId = row.GetString(1), Time = Timestamp.FromDateTime(row.GetDateTime(2)) });
        }
        return new V1.ListTurnDownsResponse { TurnedDown = { found }, NextPageToken = more ? last.ToString() : "" };
    }

    static (TurnedDownKind, string) Subject(V1.TurnedDown.Types.Kind kind, string subject) => kind switch
    {
        V1.TurnedDown.Types.Kind.Article or V1.TurnedDown.Types.Kind.Person => Guid.TryParseExact(subject, "D", out var id)
            ? ((TurnedDownKind)kind, id.ToString())
            : throw RpcErrors.InvalidArgument(("subject_id", "This is not an id.")),
        V1.TurnedDown.Types.Kind.Topic => subject.Length is > 0 and <= LongestSlug && !subject.Contains('\0')
            ? (TurnedDownKind.Topic, subject)
            : throw RpcErrors.InvalidArgument(("subject_id", "This is not a topic's slug.")),
        _ => throw RpcErrors.InvalidArgument(("kind", "Turn down an article, a person or a topic.")),
    };
}
