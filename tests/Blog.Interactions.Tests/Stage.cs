using Blog.Events.V1;
using Blog.Interactions.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf;
using Grpc.Core;
using Npgsql;

namespace Blog.Interactions.Tests;

/// <summary>An article and people around it, for tests of applause and responses.</summary>
sealed class Stage(InteractionsFixture interactions)
{
    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Guid Author { get; } = Guid.CreateVersion7();
    public Guid Article { get; } = Guid.CreateVersion7();

    public static async Task<Stage> WithArticleAsync(InteractionsFixture interactions, bool published = true)
    {
        var stage = new Stage(interactions);
        await stage.ExecuteAsync($"insert into articles values ('{stage.Article}', '{stage.Author}', 1, {published})");
        return stage;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(interactions.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    public Task BlockAsync(Guid who, Guid whom) => ExecuteAsync($"insert into relations values ('{who}', '{whom}', false, true)");

    public Task MuteAsync(Guid who, Guid whom) => ExecuteAsync($"insert into relations values ('{who}', '{whom}', true, false)");

    public V1.Claps.ClapsClient ClapsAs(Guid person) => new(interactions.Host.CallInvoker(interactions.Issuer.PersonToken(person)));

    public V1.Claps.ClapsClient ClapsOfAnybody => new(interactions.Host.CallInvoker());

    public V1.Responses.ResponsesClient As(Guid person) => new(interactions.Host.CallInvoker(interactions.Issuer.PersonToken(person)));

    public V1.Responses.ResponsesClient Anybody => new(interactions.Host.CallInvoker());

    public async Task<SetClapsResponse> ClapAsync(Guid person, int claps, string? subject = null) =>
        await ClapsAs(person).SetClapsAsync(new() { SubjectId = subject ?? Article.ToString(), Claps = claps }, cancellationToken: Cancel);

    public async Task<Response> RespondAsync(Guid person, string text, string parent = "", string? key = null) =>
        (await As(person).CreateResponseAsync(new() { ArticleId = Article.ToString(), ParentId = parent, Markdown = text }, key is null ? [] : new Metadata { { "idempotency-key", key } }, cancellationToken: Cancel)).Response;

    public async Task DeleteAsync(Guid person, string id) => await As(person).DeleteResponseAsync(new() { ArticleId = Article.ToString(), Id = id }, cancellationToken: Cancel);

    public async Task HideAsync(string id, bool hidden = true) =>
        await As(Author).SetResponseHiddenAsync(new() { ArticleId = Article.ToString(), Id = id, Hidden = hidden }, cancellationToken: Cancel);

    public async Task<ListResponsesResponse> ListAsync(Guid? person = null, ResponseSort sort = default, string parent = "", int size = 0, string token = "") =>
        await (person is { } me ? As(me) : Anybody).ListResponsesAsync(
            new() { ArticleId = Article.ToString(), ParentId = parent, Sort = sort, PageSize = size, PageToken = token, Personal = person is not null }, cancellationToken: Cancel);

    public async Task<Counts> CountsAsync() => (await ClapsOfAnybody.BatchGetCountsAsync(new() { ArticleIds = { Article.ToString() } }, cancellationToken: Cancel)).Counts.Single();

    /// <summary>Events of this article or a subject of it, oldest first.</summary>
    public async Task<List<T>> EventsAsync<T>(MessageParser<T> parser, string key) where T : IMessage<T>
    {
        await using var source = NpgsqlDataSource.Create(interactions.ConnectionString);
        await using var command = source.CreateCommand("select payload from outbox where key = $1 and type = $2 order by position");
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = parser.ParseFrom([]).Descriptor.FullName });
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var events = new List<T>();
        while (await reader.ReadAsync(Cancel)) events.Add(parser.ParseFrom((byte[])reader[0]));
        return events;
    }

    public Task<List<ResponseChanged>> ResponseEventsAsync() => EventsAsync(ResponseChanged.Parser, Article.ToString());

    public static async Task<(StatusCode Status, string? Reason, string Field)> RefusalOf(Func<Task> call)
    {
        var refused = await Should.ThrowAsync<RpcException>(call);
        return (refused.StatusCode, refused.Reason(), refused.Detail<Google.Rpc.BadRequest>()?.FieldViolations[0].Field ?? "");
    }
}
