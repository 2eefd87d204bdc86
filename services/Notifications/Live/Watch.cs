using Blog.Notifications.Live;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Notifications;

partial class NotificationsService
{
    [AllowAnonymous]
    public override async Task Watch(IAsyncStreamReader<V1.WatchRequest> requestStream, IServerStreamWriter<V1.WatchResponse> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var stream = new BellStream(scopes);
        watchers.Add(stream);
        try
        {
            using var writing = new SemaphoreSlim(1);
            var answering = WriteAsync();
            var asking = ReadAsync();
            // Either side may end it; the other is then ended too.
            await Task.WhenAny(answering, asking);
            await ending.CancelAsync();
            await Task.WhenAll(Quietly(answering), Quietly(asking));

            async Task WriteAsync()
            {
                await foreach (var response in stream.UpdatesAsync(ending.Token))
                    await SendAsync(response);
            }

            async Task ReadAsync()
            {
                while (await requestStream.MoveNext(ending.Token))
                    switch (requestStream.Current)
                    {
                        case { RequestCase: V1.WatchRequest.RequestOneofCase.Subscribe, Subscribe: var subscribe }:
                            if (await tokens.PersonOfAsync(subscribe.AccessToken, ending.Token) is { } person)
                                stream.Subscribe(subscribe.Subscription, person, subscribe.HasAfter ? subscribe.After : null);
                            else
                                await SendAsync(new() { Updates = { new V1.WatchResponse.Types.Update { Subscription = subscribe.Subscription, Ended = true } } });
                            break;
                        case { RequestCase: V1.WatchRequest.RequestOneofCase.Unsubscribe, Unsubscribe: var id }:
                            stream.Unsubscribe(id);
                            break;
                    }
            }

            async Task SendAsync(V1.WatchResponse response)
            {
                await writing.WaitAsync(ending.Token);
                try
                {
                    await responseStream.WriteAsync(response, ending.Token);
                }
                finally
                {
                    writing.Release();
                }
            }
        }
        finally
        {
            watchers.Remove(stream);
        }
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            throw new RpcException(new Status(StatusCode.Unavailable, "This instance goes; another one serves."));
    }

    static Task Quietly(Task task) => task.ContinueWith(_ => { }, TaskScheduler.Default);
}
