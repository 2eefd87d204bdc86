using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.ServiceDefaults.Events;

/// <summary>What is known of an event beside its message.</summary>
/// <param name="Id">The event's id (UUIDv7), the same each time it is delivered.</param>
/// <param name="Topic">The topic it came by.</param>
/// <param name="Key">The aggregate's id.</param>
/// <param name="Time">When the change happened.</param>
/// <param name="IsReplay">It is read again to rebuild a read model: nobody is to be told anew.</param>
public sealed record EventContext(Guid Id, string Topic, string Key, DateTimeOffset Time, bool IsReplay);

/// <summary>
/// The effect of one kind of event in this service's database. Made anew for each event; takes the service's context, whose transaction also
/// holds the inbox row, so the effect happens exactly once. It calls no <c>SaveChanges</c> of its own and sends nothing to the outside.
/// </summary>
public interface IEventHandler<in TEvent> where TEvent : class, IMessage<TEvent>
{
    /// <summary>
    /// Adds the effect to the transaction. An exception is a failure: while the database (or a service that is asked) is away it is tried
    /// again without end; any other one is tried again a few times, then the event is dead-lettered.
    /// </summary>
    Task HandleAsync(TEvent message, EventContext context, CancellationToken cancel);
}

/// <summary>Which topics a service follows, and who handles their events.</summary>
public sealed class EventSubscriptions
{
    readonly Dictionary<string, Subscription> byTopic = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, Subscription> ByTopic => byTopic;

    /// <summary>Events of <paramref name="topic"/> go to a new <typeparamref name="THandler"/> each.</summary>
    public EventSubscriptions Handle<TEvent, THandler>(string topic) where TEvent : class, IMessage<TEvent>, new() where THandler : IEventHandler<TEvent>
    {
        var parser = new MessageParser<TEvent>(() => new TEvent());
        var make = ActivatorUtilities.CreateFactory<THandler>([]);
        byTopic.Add(topic, new(new TEvent().Descriptor.FullName, parser.ParseFrom,
            (services, message, context, cancel) => make(services, null).HandleAsync((TEvent)message, context, cancel)));
        return this;
    }

    internal sealed record Subscription(string Type, Func<byte[], IMessage> Parse, Func<IServiceProvider, IMessage, EventContext, CancellationToken, Task> Handle);
}
