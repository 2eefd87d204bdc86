using System.Diagnostics.Metrics;
using Blog.Notifications.Deliveries;
using Blog.Notifications.Telling;
using Blog.Notifications.V1;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Net;

namespace Blog.Notifications.Devices;

/// <summary>
/// Tells a person's browsers and phones. Those that are gone are forgotten. A message that is sent again, because a sender died, replaces the first on the device: both have
/// the same tag.
/// </summary>
sealed class PushChannelSender(IServiceScopeFactory scopes, NotificationWords words, IEnumerable<IPushGateway> gateways, TimeProvider time, ILogger<PushChannelSender> log) : IChannelSender
{
    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly Counter<long> Sent = Meter.CreateCounter<long>("blog.push.messages", "{message}", "Push messages by transport and outcome.");

    public Channel Channel => Channel.Push;

    public async Task<SendOutcome> SendAsync(DueDeliveries due, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var targets = scope.ServiceProvider.GetRequiredService<PushTargets>();
        var reached = await targets.OfAsync(due.PersonId, cancel);
        if (reached.Count == 0) return new SendOutcome.Failed("no device");

        var told = await words.OfAsync(due.Items, cancel);
        var messages = due.Items.Zip(told, (item, words) => new PushMessage(words.Title, words.Detail, words.Url, item.Notification.Id.ToString("N"),
            item.Notification.Kind is NotificationKind.Response or NotificationKind.Reply or NotificationKind.Mention)).ToList();
        var outcomes = await Task.WhenAll(reached.Select(target => SendAsync(target, messages, cancel)));

        var gone = reached.Zip(outcomes).Where(pair => pair.Second is PushOutcome.Gone).Select(pair => pair.First.Id).ToList();
        if (gone.Count > 0) await targets.RemoveAsync(due.PersonId, gone, cancel);
        if (outcomes.Any(outcome => outcome is PushOutcome.Taken)) return new SendOutcome.Sent();
        return outcomes.OfType<PushOutcome.Later>().MinBy(later => later.Wait) is { } later
            ? new SendOutcome.Later(time.GetUtcNow() + later.Wait, later.Problem)
            : new SendOutcome.Failed(outcomes.OfType<PushOutcome.Refused>().FirstOrDefault()?.Problem ?? "every device is gone");
    }

    /// <summary>All messages to one device; what happened to the last decides.</summary>
    async Task<PushOutcome> SendAsync(PushTarget target, List<PushMessage> messages, CancellationToken cancel)
    {
        if (gateways.FirstOrDefault(gateway => gateway.Transport == target.Transport && gateway.IsConfigured) is not { } gateway) return new PushOutcome.Refused("not set up");
        PushOutcome outcome = new PushOutcome.Taken();
        foreach (var message in messages)
        {
            try
            {
                outcome = await gateway.SendAsync(target, message, cancel);
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                log.LogInformation("A push service cannot be reached: {Reason}", problem.Message);
                outcome = new PushOutcome.Later(TimeSpan.FromSeconds(30), "the push service cannot be reached");
            }
            Sent.Add(1, new("transport", target.Transport.ToString()), new("outcome", outcome.GetType().Name));
            if (outcome is not PushOutcome.Taken) return outcome;
        }
        return outcome;
    }
}

static class PushRegistration
{
    public static void AddPush(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped<PushTargets>();
        services.AddSingleton<Vapid>();
        services.AddSingleton<PublicInternet>();
        services.AddSingleton<IPushGateway, WebPushGateway>();
        services.AddSingleton<IPushGateway, FcmGateway>();
        services.AddSingleton<IPushGateway, ApnsGateway>();
        services.AddSingleton<IChannelSender, PushChannelSender>();
    }
}
