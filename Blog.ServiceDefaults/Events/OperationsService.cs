using System.Globalization;
using Blog.Events.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.ServiceDefaults.Events;

/// <summary>What <c>./blog events</c> asks of a service. See protos/blog/events/v1/operations.proto.</summary>
[Authorize(Policies.Service)]
sealed class OperationsService(EventStatus status, OutboxSettings outbox, IServiceProvider services) : Operations.OperationsBase
{
    IDeadLetters DeadLetters => services.GetService<IDeadLetters>()
        ?? throw RpcErrors.Create(StatusCode.FailedPrecondition, $"The service {outbox.Service} follows no topic.", "FOLLOWS_NOTHING");

    public override async Task<GetEventStatusResponse> GetEventStatus(GetEventStatusRequest request, ServerCallContext context)
    {
        var report = await status.ReadAsync(context.CancellationToken);
        return new()
        {
            Waiting = report.Waiting,
            OldestWaiting = report.OldestWaiting.ToDuration(),
            WaitingAgain = report.WaitingAgain,
            BrokerProblem = report.BrokerProblem ?? "",
            Topics =
            {
                report.Topics.Select(topic => new FollowedTopic
                {
                    Topic = topic.Topic, Partitions = topic.Partitions, Lag = topic.Lag, Age = topic.Age.ToDuration(), DeadLetters = topic.DeadLetters,
                }),
            },
        };
    }

    public override async Task<ListDeadLettersResponse> ListDeadLetters(ListDeadLettersRequest request, ServerCallContext context)
    {
        var size = PageToken.Size(request.PageSize);
        if (!long.TryParse(request.PageToken.Length == 0 ? "0" : request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
        var letters = await DeadLetters.ListAsync(request.Topic.Length == 0 ? null : request.Topic, after, size + 1, context.CancellationToken);
        return new()
        {
            NextPageToken = letters.Count > size ? letters[size - 1].Id.ToString(CultureInfo.InvariantCulture) : "",
            DeadLetters =
            {
                letters.Take(size).Select(letter => new DeadLetterInfo
                {
                    Id = letter.Id, EventId = letter.EventId.ToString(), Topic = letter.Topic, Partition = letter.Partition, Offset = letter.Offset, Key = letter.Key, Type = letter.Type,
                    PayloadBytes = letter.Payload.Length, EventTime = letter.Time.ToTimestamp(), DeadTime = letter.DeadTime.ToTimestamp(), Reason = letter.Reason, Error = letter.Error,
                    Attempts = letter.Attempts,
                }),
            },
        };
    }

    public override async Task<RetryDeadLetterResponse> RetryDeadLetter(RetryDeadLetterRequest request, ServerCallContext context)
    {
        var outcome = await DeadLetters.RetryAsync(request.Id, context.CancellationToken) ?? throw Unknown(request.Id);
        return new() { Handled = outcome.Handled, Error = outcome.Error ?? "" };
    }

    public override async Task<DropDeadLetterResponse> DropDeadLetter(DropDeadLetterRequest request, ServerCallContext context)
    {
        var outcome = await DeadLetters.DropAsync(request.Id, context.CancellationToken) ?? throw Unknown(request.Id);
        return new() { Handled = outcome.Handled, Error = outcome.Error ?? "" };
    }

    public override async Task<ReplayEventsResponse> ReplayEvents(ReplayEventsRequest request, ServerCallContext context)
    {
        if (Topics.OwnerOf(request.Topic) != outbox.Service)
            throw RpcErrors.InvalidArgument(("topic", $"The service {outbox.Service} does not publish '{request.Topic}'."));
        var replay = await OutboxReplay.BeginAsync(outbox.ConnectionString, request.Topic, request.Since?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch,
                request.ForService.Length == 0 ? EventHeaders.EveryGroup : request.ForService, context.CancellationToken)
            ?? throw RpcErrors.Create(StatusCode.FailedPrecondition, $"A replay of {request.Topic} is under way. Wait until it is over.", "REPLAY_UNDER_WAY");
        return new() { Events = replay.Events, Run = replay.Run.ToString() };
    }

    static RpcException Unknown(long id) => RpcErrors.NotFound($"There is no dead letter {id.ToString(CultureInfo.InvariantCulture)}.");
}
