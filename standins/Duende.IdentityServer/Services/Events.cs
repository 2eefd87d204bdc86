using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Services;

/// <summary>Raises events.</summary>
public interface IEventService
{
    /// <summary>Passes the event to the sink if <see cref="EventsOptions"/> lets its type through.</summary>
    Task RaiseAsync(Event evt, CancellationToken ct);

    /// <summary>Whether events of this type are passed on.</summary>
    bool CanRaiseEventType(EventTypes evtType);
}

/// <summary>Receives events; the default one writes them to the log.</summary>
public interface IEventSink
{
    Task PersistAsync(Event evt, CancellationToken ct);
}

internal sealed class EventService(IOptions<IdentityServerOptions> options, IEventSink sink, TimeProvider clock) : IEventService
{
    public Task RaiseAsync(Event evt, CancellationToken ct)
    {
        if (!CanRaiseEventType(evt.EventType))
            return Task.CompletedTask;
        evt.TimeStamp = clock.GetUtcNow().UtcDateTime;
        return sink.PersistAsync(evt, ct);
    }

    public bool CanRaiseEventType(EventTypes evtType) => evtType switch
    {
        EventTypes.Success => options.Value.Events.RaiseSuccessEvents,
        EventTypes.Failure => options.Value.Events.RaiseFailureEvents,
        EventTypes.Error => options.Value.Events.RaiseErrorEvents,
        _ => options.Value.Events.RaiseInformationEvents,
    };
}

internal sealed class LogEventSink(ILogger<LogEventSink> logger) : IEventSink
{
    public Task PersistAsync(Event evt, CancellationToken ct)
    {
        logger.LogInformation("{Category} {Name}: {Details}", evt.Category, evt.Name, evt.Details());
        return Task.CompletedTask;
    }
}
