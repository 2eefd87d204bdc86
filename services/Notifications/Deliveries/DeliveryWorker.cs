namespace Blog.Notifications.Deliveries;

/// <summary>Hands what is due to the sender of its channel, several people at a time; one loop per channel.</summary>
sealed class DeliveryWorker(IEnumerable<IChannelSender> senders, IServiceScopeFactory scopes, TimeProvider time, ILogger<DeliveryWorker> log) : BackgroundService
{
    const int PeopleAtOnce = 8, MaxAttempts = 12;
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(senders.Select(sender => SendAsync(sender, stoppingToken)));

    async Task SendAsync(IChannelSender sender, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
            try
            {
                List<DueDeliveries> claims;
                await using (var scope = scopes.CreateAsyncScope())
                    claims = await QueueOf(scope).ClaimAsync(sender.Channel, PeopleAtOnce, cancel);
                await Task.WhenAll(claims.Select(claim => SendAsync(sender, claim, cancel)));
                if (claims.Count == 0)
                    await Task.Delay(LookAgain, time, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.LogWarning(exception, "What is due over {Channel} waits", sender.Channel);
                await Task.Delay(LookAgain, time, cancel);
            }
    }

    async Task SendAsync(IChannelSender sender, DueDeliveries claim, CancellationToken cancel)
    {
        SendOutcome outcome;
        try
        {
            outcome = await sender.SendAsync(claim, cancel);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogWarning(exception, "An attempt over {Channel} failed", sender.Channel);
            outcome = claim.Attempt >= MaxAttempts
                ? new SendOutcome.Failed(exception.Message)
                : new SendOutcome.Later(time.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(3600, 5 << Math.Min(claim.Attempt, 10))), exception.Message);
        }
        await using var scope = scopes.CreateAsyncScope();
        await QueueOf(scope).RecordAsync(claim, outcome, cancel);
    }

    static DeliveryQueue QueueOf(AsyncServiceScope scope) => ActivatorUtilities.CreateInstance<DeliveryQueue>(scope.ServiceProvider);
}
