using Blog.Recommendations.Data;
using Blog.Recommendations.Switches;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Recommendations.Experiments;

/// <summary>blog.recommendations.v1.Experiments.</summary>
[Authorize(Policy = Policies.Service)]
sealed class ExperimentsService(RecommendationsDatabase database, Switchboard switchboard, TimeProvider time) : V1.Experiments.ExperimentsBase
{
    const int MostVariants = 5;
    static readonly TimeSpan Day = TimeSpan.FromDays(1), Shortest = TimeSpan.FromHours(1), Longest = TimeSpan.FromDays(30);

    public override async Task<V1.Experiment> StartExperiment(V1.StartExperimentRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var now = time.GetUtcNow();
        var experiment = Read(request, now);
        await using (var connection = await database.Source.OpenConnectionAsync(cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            // Two that begin at once look at each other.
            await connection.DoAsync("lock table experiments in share row exclusive mode", [], cancel);
            var changed = experiment.Variants.SelectMany(variant => variant.Weights.Keys).ToHashSet();
            foreach (var running in await connection.ListExperimentsAsync("where stopped_at is null", [], cancel))
                if (running.Name != experiment.Name && running.Variants.SelectMany(variant => variant.Weights.Keys).FirstOrDefault(changed.Contains) is { } both)
                    throw RpcErrors.Create(StatusCode.FailedPrecondition, $"“{running.Name}” is trying {both} as well. Stop it first, or try something else.", "TRIED_ALREADY");
            if (!await connection.TryAddAsync(experiment, cancel))
                throw RpcErrors.Create(StatusCode.AlreadyExists, $"There was an experiment “{experiment.Name}”. Give this one another name.", "NAME_TAKEN");
            await transaction.CommitAsync(cancel);
        }
        await switchboard.ReadAsync(cancel);
        return await ReportAsync(experiment.Name, cancel);
    }

    public override async Task<V1.Experiment> StopExperiment(V1.StopExperimentRequest request, ServerCallContext context)
    {
        await StopAsync(request.Name, context.CancellationToken);
        return await ReportAsync(request.Name, context.CancellationToken);
    }

    /// <summary>Everybody has the formula in use again: here at once, in other instances within moments.</summary>
    /// <exception cref="RpcException">NOT_FOUND: there is none of this name.</exception>
    internal async Task StopAsync(string name, CancellationToken cancel)
    {
        await using (var connection = await database.Source.OpenConnectionAsync(cancel))
        {
            if (await connection.DoAsync("update experiments set stopped_at = coalesce(stopped_at, $2) where name = $1", [name, time.GetUtcNow().UtcDateTime], cancel) == 0)
                throw RpcErrors.NotFound($"There is no experiment “{name}”.");
        }
        await switchboard.ReadAsync(cancel);
    }

    public override async Task<V1.ListExperimentsResponse> ListExperiments(V1.ListExperimentsRequest request, ServerCallContext context)
    {
        var (size, from, cancel) = (PageToken.Size(request.PageSize), PageToken.Read(request.PageToken), context.CancellationToken);
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        var found = await connection.ListExperimentsAsync("where $1::timestamptz is null or (started_at, id) < ($1, $2::uuid) order by started_at desc, id desc limit $3",
            [from?.Time.UtcDateTime, from?.Id, size + 1], cancel);
        var response = new V1.ListExperimentsResponse { NextPageToken = found.Count > size ? new PageToken(found[size - 1].StartTime, found[size - 1].Id).ToString() : "" };
        foreach (var experiment in found.Take(size))
            response.Experiments.Add(await Report.ReadAsync(connection, experiment, time.GetUtcNow().UtcDateTime, cancel));
        return response;
    }

    async Task<V1.Experiment> ReportAsync(string name, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        return await Report.ReadAsync(connection, (await connection.ListExperimentsAsync("where name = $1", [name], cancel)).Single(), time.GetUtcNow().UtcDateTime, cancel);
    }

    static Experiment Read(V1.StartExperimentRequest request, DateTimeOffset now)
    {
        var wrong = new List<(string, string)>();
        const string NameRule = "a name is up to 40 small letters, digits and hyphens";
        if (!Experiment.Names.IsMatch(request.Name))
            wrong.Add(("name", $"“{request.Name}” is no name: {NameRule}."));
        if (request.People is < 0 or > 100)
            wrong.Add(("people", "0 to 100 percent of people can take part."));
        var window = request.Window?.ToTimeSpan() ?? Day;
        if (window < Shortest || window > Longest)
            wrong.Add(("window", "Something counts for an hour to 30 days after the first page."));
        var variants = request.Variants.Select(variant => new Variant(variant.Name, variant.Weights.ToDictionary())).ToArray();
        if (variants.Length is 0 or > MostVariants)
            wrong.Add(("variants", $"Try one to {MostVariants} formulas."));
        if (variants.Select(variant => variant.Name).Append(Experiment.Control).Distinct().Count() <= variants.Length)
            wrong.Add(("variants", $"Each formula has a name of its own, and “{Experiment.Control}” is the one in use."));
        foreach (var variant in variants)
            if (!Experiment.Names.IsMatch(variant.Name))
                wrong.Add(("variants", $"“{variant.Name}” is no name: {NameRule}."));
            else if (variant.Weights.Count == 0)
                wrong.Add(("variants", $"“{variant.Name}” changes no weight."));
            else if (variant.Problem is { } problem)
                wrong.Add(("variants", $"“{variant.Name}”: {problem}"));
        return wrong.Count > 0
            ? throw RpcErrors.InvalidArgument(wrong)
            : new(Guid.CreateVersion7(now), request.Name, [new(Experiment.Control, new Dictionary<string, double>()), .. variants], request.People == 0 ? 100 : request.People, window, now.UtcDateTime, null);
    }
}
