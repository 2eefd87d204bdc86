using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Blog.StandIns.Tests;

public sealed class HttpResilienceTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A client whose network is a function of the number of the attempt.</summary>
    sealed class Client : IDisposable
    {
        readonly ServiceProvider _services;
        int _attempts;

        public Client(Func<int, CancellationToken, Task<HttpResponseMessage>> network, Action<HttpStandardResilienceOptions>? configure = null)
        {
            var services = new ServiceCollection().AddLogging();
            services.ConfigureHttpClientDefaults(http =>
            {
                http.AddStandardResilienceHandler(options =>
                {
                    options.Retry.Delay = TimeSpan.FromMilliseconds(1);
                    configure?.Invoke(options);
                });
                http.ConfigurePrimaryHttpMessageHandler(() => new Network((_, cancel) => network(Interlocked.Increment(ref _attempts), cancel)));
            });
            _services = services.BuildServiceProvider();
        }

        public int Attempts => _attempts;

        public HttpClient Create(string name = "") => _services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

        public Task<HttpResponseMessage> SendAsync(HttpMethod? method = null, HttpContent? content = null)
            => Create().SendAsync(new HttpRequestMessage(method ?? HttpMethod.Get, "http://service/") { Content = content }, Cancel);

        public void Dispose() => _services.Dispose();
    }

    sealed class Network(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }

    static Task<HttpResponseMessage> Answer(HttpStatusCode status) => Task.FromResult(new HttpResponseMessage(status));

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task A_transient_answer_is_asked_for_again(HttpStatusCode status)
    {
        using var client = new Client((attempt, _) => Answer(attempt < 3 ? status : HttpStatusCode.OK));

        (await client.SendAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        client.Attempts.ShouldBe(3);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Conflict)]
    public async Task A_final_answer_is_not(HttpStatusCode status)
    {
        using var client = new Client((_, _) => Answer(status));

        (await client.SendAsync()).StatusCode.ShouldBe(status);
        client.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task The_last_failure_comes_back_after_three_repetitions()
    {
        using var client = new Client((_, _) => throw new HttpRequestException("no route"));

        (await Should.ThrowAsync<HttpRequestException>(() => client.SendAsync())).Message.ShouldBe("no route");
        client.Attempts.ShouldBe(4);
    }

    [Fact]
    public async Task Unsafe_methods_are_repeated_unless_that_is_switched_off()
    {
        using var repeating = new Client((_, _) => Answer(HttpStatusCode.BadGateway));
        using var careful = new Client((_, _) => Answer(HttpStatusCode.BadGateway), options => options.Retry.DisableForUnsafeHttpMethods());

        await repeating.SendAsync(HttpMethod.Post);
        await careful.SendAsync(HttpMethod.Post);
        repeating.Attempts.ShouldBe(4);
        careful.Attempts.ShouldBe(1);

        await careful.SendAsync(HttpMethod.Get);
        careful.Attempts.ShouldBe(1 + 4);
    }

    [Fact]
    public async Task A_grpc_message_that_may_have_left_is_not_sent_again()
    {
        using var broken = new Client((_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded));
        using var unreachable = new Client((_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError));

        await Should.ThrowAsync<HttpRequestException>(() => broken.SendAsync(HttpMethod.Post, Message()));
        await Should.ThrowAsync<HttpRequestException>(() => unreachable.SendAsync(HttpMethod.Post, Message()));

        broken.Attempts.ShouldBe(1);
        unreachable.Attempts.ShouldBe(4);

        static ByteArrayContent Message() => new([0]) { Headers = { ContentType = new("application/grpc") } };
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_given_up_and_repeated()
    {
        using var client = new Client(
            async (attempt, cancel) =>
            {
                if (attempt == 1) await Task.Delay(Timeout.Infinite, cancel);
                return new HttpResponseMessage(HttpStatusCode.OK);
            },
            options => options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(50));

        (await client.SendAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        client.Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task All_attempts_together_have_a_time_limit()
    {
        using var client = new Client(
            async (_, cancel) =>
            {
                await Task.Delay(Timeout.Infinite, cancel);
                return new HttpResponseMessage(HttpStatusCode.OK);
            },
            options => options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(1));

        await Should.ThrowAsync<TimeoutRejectedException>(() => client.SendAsync());
        client.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task The_server_says_when_to_come_again()
    {
        using var client = new Client(
            (attempt, _) => Task.FromResult(attempt == 1
                ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new(TimeSpan.FromMilliseconds(0)) } }
                : new HttpResponseMessage(HttpStatusCode.OK)),
            options => options.Retry.Delay = TimeSpan.FromHours(1)); // what would be waited else

        (await client.SendAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_circuit_that_broke_stays_open_across_clients_but_only_for_its_name()
    {
        using var client = new Client((_, _) => Answer(HttpStatusCode.InternalServerError), options =>
        {
            options.Retry.ShouldHandle = _ => ValueTask.FromResult(false);
            options.CircuitBreaker.MinimumThroughput = 2;
            options.CircuitBreaker.FailureRatio = 1;
        });

        for (var i = 0; i < 2; i++) await client.Create("one").GetAsync(new Uri("http://one/"), Cancel);

        await Should.ThrowAsync<BrokenCircuitException>(() => client.Create("one").GetAsync(new Uri("http://one/"), Cancel));
        (await client.Create("other").GetAsync(new Uri("http://other/"), Cancel)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task More_requests_at_a_time_than_permitted_are_rejected()
    {
        var (entered, leave) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var client = new Client(
            async (_, _) =>
            {
                entered.SetResult();
                await leave.Task;
                return new HttpResponseMessage(HttpStatusCode.OK);
            },
            options => options.RateLimiter.DefaultRateLimiterOptions = new() { PermitLimit = 1, QueueLimit = 0 });

        var first = client.SendAsync();
        await entered.Task;
        await Should.ThrowAsync<RateLimiterRejectedException>(() => client.SendAsync());
        leave.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_client_can_do_without()
    {
        var attempts = 0;
        var services = new ServiceCollection().AddLogging();
        services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler());
        services.AddHttpClient("bare").RemoveAllResilienceHandlers().ConfigurePrimaryHttpMessageHandler(() => new Network((_, _) =>
        {
            attempts++;
            return Answer(HttpStatusCode.InternalServerError);
        }));
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IHttpClientFactory>().CreateClient("bare").GetAsync(new Uri("http://service/"), Cancel);

        attempts.ShouldBe(1);
    }
}
