using Blog.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Blog.StandIns.Tests.Aspire;

/// <summary>Contexts by connection name, and telemetry that starts with the host.</summary>
public sealed class PostgresClientTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static HostApplicationBuilder Builder(string connectionString, params (string Key, string Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:notes", connectionString),
            .. configuration.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value)),
        ]);
        return builder;
    }

    [Fact]
    public async Task A_context_is_on_the_database_of_its_connection_name_and_retries()
    {
        var builder = Builder(await postgres.CreateDatabaseAsync(), ("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:Notes:CommandTimeout", "7"));
        builder.AddNpgsqlDbContext<Notes>("notes");
        using var host = builder.Build();
        await using var scope = host.Services.CreateAsyncScope();
        var notes = scope.ServiceProvider.GetRequiredService<Notes>();

        (await notes.Database.SqlQuery<int>($"select 41 + 1 as \"Value\"").SingleAsync(Cancel)).ShouldBe(42);

        notes.Database.CreateExecutionStrategy().RetriesOnFailure.ShouldBeTrue();
        notes.Database.GetCommandTimeout().ShouldBe(7);
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)).Entries["Notes"].Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_database_that_is_away_is_unhealthy()
    {
        var builder = Builder("Host=/nowhere;Username=x;Database=x;Timeout=1", ("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:DisableRetry", "true"));
        builder.AddNpgsqlDbContext<Notes>("notes");
        using var host = builder.Build();

        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task Tracing_starts_with_the_host_and_hears_the_database()
    {
        var spans = new List<System.Diagnostics.Activity>();
        var builder = Builder(await postgres.CreateDatabaseAsync());
        builder.AddNpgsqlDbContext<Notes>("notes");
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddAttributes([new("service.name", "notes")]))
            .WithTracing(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(new Keep(spans))));
        using var host = builder.Build();
        await host.StartAsync(Cancel);

        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Notes>().Database.ExecuteSqlAsync($"select 1", Cancel);

        lock (spans) spans.ShouldContain(span => span.Source.Name == "Npgsql");
        await host.StopAsync(Cancel);
    }

    sealed class Notes(DbContextOptions<Notes> options) : DbContext(options);

    sealed class Keep(List<System.Diagnostics.Activity> spans) : BaseExporter<System.Diagnostics.Activity>
    {
        public override ExportResult Export(in Batch<System.Diagnostics.Activity> batch)
        {
            lock (spans)
            {
                foreach (var span in batch) spans.Add(span);
            }
            return ExportResult.Success;
        }
    }
}
