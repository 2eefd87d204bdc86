using Blog.Events.V1;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Blog.Chaos;

/// <summary>
/// The smallest service that has a backbone: a command counts a key up and tells so; whoever follows writes an entry for each event. It stands in
/// for every service when the backbone is tested, so it is made of the same parts.
/// </summary>
/// <param name="Service">The publishing service; also the name of its connection string.</param>
/// <param name="Group">The following service.</param>
/// <param name="ServiceDatabase">Connection string of the publishing service.</param>
/// <param name="GroupDatabase">Connection string of the following service.</param>
/// <param name="Broker">Bootstrap servers.</param>
public sealed record Ledger(string Service, string Group, string ServiceDatabase, string GroupDatabase, string Broker)
{
    /// <summary>Further configuration, such as who issues tokens.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Carries <see cref="ClapsChanged"/>: subject_id is the key, count the sequence, person_id the command.</summary>
    public string Topic => $"{Service}.entries.v1";

    /// <summary>Starts the publishing side without its relay: what is told waits in the outbox.</summary>
    public Task<WebApplication> StartCommandsAsync(CancellationToken cancel) => StartAsync(builder => builder.AddServiceDatabase<LedgerDbContext>(Service), cancel);

    /// <summary>Starts the publishing side: the relay and, with them, the commands.</summary>
    public Task<WebApplication> StartServiceAsync(CancellationToken cancel) => StartAsync(builder =>
    {
        builder.AddServiceDatabase<LedgerDbContext>(Service);
        builder.AddOutboxRelay(Service);
    }, cancel);

    /// <summary>Starts a follower.</summary>
    /// <param name="fault">Asked before each effect; what it throws, the handler throws.</param>
    /// <param name="cancel">Ends the start.</param>
    public Task<WebApplication> StartFollowerAsync(Action<ClapsChanged>? fault, CancellationToken cancel) => StartAsync(builder =>
    {
        builder.Services.AddSingleton(new LedgerFault(fault ?? (_ => { })));
        builder.AddServiceDatabase<LedgerDbContext>(Group);
        builder.AddOutboxRelay(Group);
        builder.AddEventConsumer<LedgerDbContext>(Group, events => events.Handle<ClapsChanged, EntryHandler>(Topic));
    }, cancel);

    async Task<WebApplication> StartAsync(Action<IHostApplicationBuilder> configure, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(Settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)).Concat(new Dictionary<string, string?>
        {
            [$"ConnectionStrings:{Service}"] = ServiceDatabase,
            [$"ConnectionStrings:{Group}"] = GroupDatabase,
            ["ConnectionStrings:broker"] = Broker,
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Protocols"] = "Http2",
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
        }));
        builder.Logging.ClearProviders();
        if (Environment.GetEnvironmentVariable("BLOG_TEST_LOG") is not null) builder.Logging.AddSimpleConsole(console => console.TimestampFormat = "HH:mm:ss.fff ").AddFilter("Microsoft", LogLevel.Warning).AddFilter("Blog", LogLevel.Debug);
        builder.AddServiceDefaults();
        builder.AddBlogAuthentication();
        builder.AddBlogGrpc();
        configure(builder);
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapDefaultEndpoints();
        await app.StartAsync(cancel);
        return app;
    }

    /// <summary>The command: the next number of the key, and its event, in one transaction. Carried out once however often it is sent.</summary>
    public Task CountAsync(WebApplication service, Guid key, Guid command, CancellationToken cancel) => CountAsync(service, new[] { key }, command, cancel);

    /// <summary>The same for several keys, each of them once.</summary>
    public async Task CountAsync(WebApplication service, ReadOnlyMemory<Guid> keys, Guid command, CancellationToken cancel)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LedgerDbContext>();
        var sorted = keys.ToArray();
        Array.Sort(sorted);
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var counted = await db.Database.SqlQuery<Counted>($"""
                with new as (insert into commands values ({command}) on conflict do nothing returning id)
                insert into counters select key, 1 from new, unnest({sorted}) as key on conflict (key) do update set sequence = counters.sequence + 1 returning key as "Key", sequence as "Sequence"
                """).ToListAsync(cancel);
            foreach (var (key, sequence) in counted)
                db.Publish(Topic, key, new ClapsChanged { SubjectId = key.ToString(), Count = (int)sequence, PersonId = command.ToString() }, TimeProvider.System);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        });
    }
}

sealed record Counted(Guid Key, long Sequence);

/// <summary>What a handler is made to fail with.</summary>
sealed record LedgerFault(Action<ClapsChanged> Strike);

/// <summary>The effect of one event.</summary>
sealed class Entry
{
    public long Serial { get; private set; }
    public required Guid Key { get; init; }
    public required long Sequence { get; init; }
    public required Guid CommandId { get; init; }
    public required bool IsReplay { get; init; }
    public required DateTimeOffset TakenAt { get; init; }
}

sealed class LedgerDbContext(DbContextOptions<LedgerDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.MapOutbox();
        model.Entity<Entry>(entry =>
        {
            entry.ToTable("entries").HasKey(e => e.Serial);
            entry.Property(e => e.Serial).UseIdentityAlwaysColumn();
        });
        model.UseSnakeCaseColumns(typeof(LedgerDbContext).Assembly);
    }
}

sealed class EntryHandler(LedgerDbContext db, LedgerFault fault, TimeProvider time) : IEventHandler<ClapsChanged>
{
    public Task HandleAsync(ClapsChanged message, EventContext context, CancellationToken cancel)
    {
        fault.Strike(message);
        db.Add(new Entry
        {
            Key = Guid.Parse(message.SubjectId), Sequence = message.Count, CommandId = Guid.Parse(message.PersonId), IsReplay = context.IsReplay, TakenAt = time.GetUtcNow(),
        });
        return Task.CompletedTask;
    }
}
