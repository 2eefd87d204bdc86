using System.Globalization;
using Blog.Content.V1;
using Blog.Search.Engines;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Blog.Search.Indexing;

/// <summary>How far a rebuild is; the numbers are those of the column <c>index_rebuilds.stage</c>.</summary>
enum RebuildStage : short
{
    /// <summary>The new index is being made.</summary>
    Making = 0,

    /// <summary>Everything there is is being listed and, as it is listed, put into the new index.</summary>
    Listing = 1,

    /// <summary>All is listed; the last are being put into it.</summary>
    Filling = 2,

    /// <summary>It serves. The one before is kept for what began with it.</summary>
    Serving = 3,

    Done = 4,
    GivenUp = 5,
}

/// <param name="Listed">Things found so far that belong into the index.</param>
/// <param name="Problem">Why it does not go on at present; null: it does.</param>
sealed record Rebuild(Guid Id, string Index, string? Former, RebuildStage Stage, string ArticlesToken, bool ArticlesDone, string PeopleToken, bool PeopleDone, long Listed, string? Problem, DateTime StartedAt, DateTime StageAt);

/// <summary>
/// Builds a new index beside the serving one and lets it take its place. It only lists what there is, as jobs for the workers; those also bring every change that happens meanwhile
/// to both indexes, one after the other for each thing. Where it is, is in the row, moved in the transaction of the jobs: any instance goes on after a crash.
/// </summary>
sealed class Rebuilds(IndexingDatabase database, ISearchEngine engine, IServiceScopeFactory scopes, IOptions<IndexingOptions> options, TimeProvider time, ILogger<Rebuilds> log)
{
    // Listed things that wait: enough that no worker does.
    const int Ahead = 5_000;
    const int ArticlesAPage = 500, PeopleAPage = 200;

    const string Columns = "rebuild_id, index_name, former_name, stage, articles_token, articles_done, people_token, people_done, listed, problem, started_at, stage_at";

    DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Begins a rebuild. One that is under way goes on and is returned, unless it is to be given up for a new one.</summary>
    public async Task<Rebuild> BeginAsync(bool anew, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // One after the other, so that two who ask at once get one rebuild.
        await ExecuteAsync(connection, "lock table index_rebuilds in share row exclusive mode", cancel);
        var underWay = await FindAsync(connection, "where stage < 4", cancel);
        if (underWay is { Stage: < RebuildStage.Serving } && anew)
        {
            await ExecuteAsync(connection, "update index_rebuilds set stage = $2, stage_at = $3 where rebuild_id = $1", cancel, underWay.Id, (short)RebuildStage.GivenUp, Now);
            underWay = null;
        }
        if (underWay is null)
        {
            var now = Now;
            await ExecuteAsync(connection, "insert into index_rebuilds (rebuild_id, index_name, stage, started_at, stage_at) values ($1, $2, $3, $4, $4)", cancel,
                Guid.CreateVersion7(time.GetUtcNow()), "built_" + now.ToString("yyyyMMdd_HHmmss_fff", CultureInfo.InvariantCulture), (short)RebuildStage.Making, now);
            underWay = await FindAsync(connection, "where stage < 4", cancel);
        }
        await ExecuteAsync(connection, "select pg_notify($1, '')", cancel, Jobs.Channel);
        await transaction.CommitAsync(cancel);
        return underWay!;
    }

    /// <summary>An index into which everything goes as well while it is being built; null: there is none.</summary>
    public async Task<string?> BuildingAsync(CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand("select index_name from index_rebuilds where stage in (1, 2)");
        return (string?)await command.ExecuteScalarAsync(cancel);
    }

    /// <summary>The rebuild under way, or else the last one.</summary>
    public async Task<Rebuild?> LastAsync(CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        return await FindAsync(connection, "order by started_at desc limit 1", cancel);
    }

    /// <summary>Takes the rebuild under way one step further, if nobody else is at it.</summary>
    /// <returns>Whether it went on.</returns>
    public async Task<bool> StepAsync(CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await FindAsync(connection, "where stage < 4 limit 1 for update skip locked", cancel) is not { } rebuild)
            return false;
        bool goesOn;
        try
        {
            goesOn = rebuild.Stage switch
            {
                RebuildStage.Making => await MakeAsync(connection, rebuild, cancel),
                RebuildStage.Listing => await ListAsync(connection, rebuild, cancel),
                RebuildStage.Filling => await SwapAsync(connection, rebuild, cancel),
                _ => await DropAsync(connection, rebuild, cancel),
            };
        }
        catch (Exception exception) when (exception is RpcException or EngineAwayException)
        {
            await transaction.RollbackAsync(cancel);
            await ExecuteAsync(connection, "update index_rebuilds set problem = $2 where rebuild_id = $1", cancel, rebuild.Id, exception.Message.Replace('\0', '\uFFFD'));
            throw;
        }
        if (rebuild.Problem is not null)
            await ExecuteAsync(connection, "update index_rebuilds set problem = null where rebuild_id = $1", cancel, rebuild.Id);
        await transaction.CommitAsync(cancel);
        return goesOn;
    }

    async Task<bool> MakeAsync(NpgsqlConnection connection, Rebuild rebuild, CancellationToken cancel)
    {
        await engine.CreateIndexAsync(rebuild.Index, cancel);
        // What an earlier attempt left behind.
        foreach (var left in await NamesAsync(connection, $"select index_name from index_rebuilds where stage = {(short)RebuildStage.GivenUp} order by started_at desc limit 5", cancel))
            await engine.DropAsync(left, cancel);
        await EnterAsync(connection, rebuild, RebuildStage.Listing, cancel);
        log.LogInformation("A new index {Index} is being built", rebuild.Index);
        return true;
    }

    async Task<bool> ListAsync(NpgsqlConnection connection, Rebuild rebuild, CancellationToken cancel)
    {
        if (await ScalarAsync<long>(connection, "select count(*) from (select from index_jobs where bulk and due < 'infinity' limit $1) waiting", cancel, Ahead) >= Ahead)
            return false;
        await using var scope = scopes.CreateAsyncScope();
        List<Thing> things;
        if (!rebuild.ArticlesDone)
        {
            var page = await scope.ServiceProvider.GetRequiredService<Texts.TextsClient>().ListArticleKeysAsync(new() { PageSize = ArticlesAPage, PageToken = rebuild.ArticlesToken }, cancellationToken: cancel);
            things = [.. page.Keys.Where(key => key.Published).Select(key => Thing.Article(Guid.Parse(key.ArticleId))),
                .. page.Keys.Where(key => key.Draft).Select(key => Thing.Draft(Guid.Parse(key.AuthorId), Guid.Parse(key.ArticleId)))];
            rebuild = rebuild with { ArticlesToken = page.NextPageToken, ArticlesDone = page.NextPageToken.Length == 0 };
        }
        else
        {
            var page = await scope.ServiceProvider.GetRequiredService<Users.V1.Users.UsersClient>().ListProfilesAsync(new() { PageSize = PeopleAPage, PageToken = rebuild.PeopleToken }, cancellationToken: cancel);
            things = [.. page.Profiles.Select(profile => Thing.Person(Guid.Parse(profile.Id)))];
            // They are few beside people: all of them go with the last page.
            if (page.NextPageToken.Length == 0)
                things.AddRange(await PublicationsAsync(scope.ServiceProvider.GetRequiredService<Publications.PublicationsClient>(), cancel));
            rebuild = rebuild with { PeopleToken = page.NextPageToken, PeopleDone = page.NextPageToken.Length == 0 };
        }
        await Jobs.QueueAsync(connection, things, Urgency.Rebuild, time.GetUtcNow(), time.GetUtcNow(), default, options.Value.Pause, cancel);
        await ExecuteAsync(connection, "update index_rebuilds set articles_token = $2, articles_done = $3, people_token = $4, people_done = $5, listed = listed + $6 where rebuild_id = $1", cancel,
            rebuild.Id, rebuild.ArticlesToken, rebuild.ArticlesDone, rebuild.PeopleToken, rebuild.PeopleDone, things.Count);
        if (rebuild.PeopleDone)
            await EnterAsync(connection, rebuild, RebuildStage.Filling, cancel);
        return true;
    }

    static async Task<List<Thing>> PublicationsAsync(Publications.PublicationsClient publications, CancellationToken cancel)
    {
        var (things, token) = (new List<Thing>(), "");
        do
        {
            var page = await publications.ListPublicationsAsync(new() { PageSize = 1000, PageToken = token }, cancellationToken: cancel);
            things.AddRange(page.Publications.Select(publication => Thing.Publication(Guid.Parse(publication.Id))));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return things;
    }

    /// <summary>When everything that was listed is in it. What has changed since then is brought to both; what cannot be indexed is not waited for.</summary>
    async Task<bool> SwapAsync(NpgsqlConnection connection, Rebuild rebuild, CancellationToken cancel)
    {
        try
        {
            // Counts nothing; asks whether it is still there.
            await engine.CountAsync(rebuild.Index, DocumentKind.Publication, cancel);
        }
        catch (NoSuchIndexException)
        {
            return await GiveUpAsync(connection, rebuild, cancel);
        }
        if (await ScalarAsync<bool>(connection, "select exists (select from index_jobs where since <= $1 and due < 'infinity' and attempts = 0)", cancel, rebuild.StageAt))
            return false;
        string? former;
        try
        {
            former = await engine.SwapAsync(rebuild.Index, cancel);
        }
        catch (NoSuchIndexException)
        {
            return await GiveUpAsync(connection, rebuild, cancel);
        }
        await ExecuteAsync(connection, "update index_rebuilds set former_name = $2 where rebuild_id = $1", cancel, rebuild.Id, former);
        await EnterAsync(connection, rebuild, RebuildStage.Serving, cancel);
        log.LogInformation("The index {Index} serves, with {Listed} things listed in {Seconds} s", rebuild.Index, rebuild.Listed, (int)(Now - rebuild.StartedAt).TotalSeconds);
        return true;
    }

    // Somebody removed it, or this service ended between the swap and the note of it: either way what serves is whole, and to begin anew is all that helps.
    async Task<bool> GiveUpAsync(NpgsqlConnection connection, Rebuild rebuild, CancellationToken cancel)
    {
        await EnterAsync(connection, rebuild, RebuildStage.GivenUp, cancel);
        log.LogError("The index {Index} is gone before it was noted that it serves; the rebuild is given up", rebuild.Index);
        return true;
    }

    async Task<bool> DropAsync(NpgsqlConnection connection, Rebuild rebuild, CancellationToken cancel)
    {
        if (Now < rebuild.StageAt + options.Value.Grace)
            return false;
        if (rebuild.Former is { } former)
            await engine.DropAsync(former, cancel);
        await EnterAsync(connection, rebuild, RebuildStage.Done, cancel);
        return true;
    }

    Task EnterAsync(NpgsqlConnection connection, Rebuild rebuild, RebuildStage stage, CancellationToken cancel) =>
        ExecuteAsync(connection, "update index_rebuilds set stage = $2, stage_at = $3 where rebuild_id = $1", cancel, rebuild.Id, (short)stage, Now);

    static async Task<Rebuild?> FindAsync(NpgsqlConnection connection, string which, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"select {Columns} from index_rebuilds {which}", connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), (RebuildStage)row.GetInt16(3), row.GetString(4), row.GetBoolean(5), row.GetString(6), row.GetBoolean(7), row.GetInt64(8),
                row.IsDBNull(9) ? null : row.GetString(9), row.GetDateTime(10), row.GetDateTime(11))
            : null;
    }

    static async Task<List<string>> NamesAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var names = new List<string>();
        while (await row.ReadAsync(cancel))
            names.Add(row.GetString(0));
        return names;
    }

    static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancel);
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
