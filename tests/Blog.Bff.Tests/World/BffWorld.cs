using System.Collections.Concurrent;
using System.Net;
using Blog.Bff.Cache;
using Blog.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Blog.Bff.Tests.World;

/// <summary>The BFF on Kestrel with everything around it: in-memory services behind real gRPC and HTTP, and a real Redis.</summary>
sealed class BffWorld : IAsyncDisposable
{
    readonly List<IAsyncDisposable> owned = [];
    readonly ConcurrentDictionary<HttpClient, CookieJar> jars = new();

    public FakeContent Content { get; } = new();
    public FakeRevisions Revisions { get; } = new();
    public FakeReviews Reviews { get; } = new();
    public FakeSeries Series { get; } = new();
    public FakeTranslations Translations { get; } = new();
    public FakeMedia Media { get; } = new();
    public FakeTogether Together { get; } = new();
    public FakePublications Publications { get; } = new();
    public FakeImports Imports { get; } = new();
    public FakeExports Exports { get; } = new();
    public FakeUsers Users { get; } = new();
    public FakeNotifications Notifications { get; } = new();
    public FakeHub Hub { get; } = new();
    public FakeClaps Claps { get; } = new();
    public FakeHighlights Highlights { get; } = new();
    public FakeGifts Gifts { get; } = new();
    public FakeResponses Responses { get; } = new();
    public FakeLists Lists { get; } = new();
    public FakeHistory History { get; } = new();
    public FakeFeed Feed { get; } = new();
    public FakeSearch Search { get; } = new();
    public FakeForYou ForYou { get; } = new();
    public FakeDiscovery Discovery { get; } = new();
    public FakeFlags Flags { get; } = new();
    public FakeRelations Relations { get; }
    public FakeSite Site { get; } = new();
    public FakeIdentity Identity { get; } = new();
    public ServiceHost<Program> Bff { get; private set; } = null!;
    public HttpClient Client { get; private set; } = null!;
    Dictionary<string, string> settings = [];
    FakeServer site = null!;

    BffWorld() => Relations = new(Users);

    public static async Task<BffWorld> StartAsync(RedisFixture redis, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var world = new BffWorld();
        if (time is not null) world.Identity.Time = time;
        var content = await world.Serve(services => services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = 8 * 1024 * 1024), app =>
        {
            app.MapGrpcService<FakeContent>();
            app.MapGrpcService<FakeRevisions>();
            app.MapGrpcService<FakeReviews>();
            app.MapGrpcService<FakeSeries>();
            app.MapGrpcService<FakeTranslations>();
            app.MapGrpcService<FakeMedia>();
            app.MapGrpcService<FakeTogether.Authors>();
            app.MapGrpcService<FakeTogether.Invitations>();
            app.MapGrpcService<FakePublications>();
            app.MapGrpcService<FakeImports>();
            app.MapGrpcService<FakeExports>();
            app.MapGet("/media/{id}", (string id, HttpRequest request) => Results.Text($"picture {id} cookie[{request.Headers.Cookie}] auth[{request.Headers.Authorization}]", "image/png"));
        });
        var users = await world.Serve(services => services.AddGrpc(), app =>
        {
            app.MapGrpcService<FakeUsers>();
            app.MapGrpcService<FakeRelations>();
        });
        var interactions = await world.Serve(services => services.AddGrpc(), app =>
        {
            app.MapGrpcService<FakeClaps>();
            app.MapGrpcService<FakeHighlights>();
            app.MapGrpcService<FakeGifts>();
            app.MapGrpcService<FakeResponses>();
            app.MapGrpcService<FakeLists>();
            app.MapGrpcService<FakeExports.Portability>();
            app.MapGrpcService<FakeHistory>();
        });
        var notifications = await world.Serve(services => services.AddGrpc(), app =>
        {
            app.MapGrpcService<FakeNotifications>();
            app.MapGrpcService<FakeHub>();
        });
        var feed = await world.Serve(services => services.AddGrpc(), app => app.MapGrpcService<FakeFeed>());
        var search = await world.Serve(services => services.AddGrpc(), app => app.MapGrpcService<FakeSearch>());
        var recommendations = await world.Serve(services => services.AddGrpc(), app =>
        {
            app.MapGrpcService<FakeForYou>();
            app.MapGrpcService<FakeDiscovery>();
            app.MapGrpcService<FakeFlags>();
        });
        world.site = await world.Serve(_ => { }, world.Site.Map);
        var identity = await world.Serve(_ => { }, world.Identity.Map);
        world.settings = new()
        {
            ["Blog:PublicOrigin"] = FakeIdentity.Origin,
            ["Blog:ClientSecret"] = "secret",
            ["ConnectionStrings:cache"] = redis.ConnectionString,
            ["services:content:grpc:0"] = content.Grpc,
            ["services:content:http:0"] = content.Http,
            ["services:users:grpc:0"] = users.Grpc,
            ["services:notifications:grpc:0"] = notifications.Grpc,
            ["services:interactions:grpc:0"] = interactions.Grpc,
            ["services:feed:grpc:0"] = feed.Grpc,
            ["services:search:grpc:0"] = search.Grpc,
            ["services:recommendations:grpc:0"] = recommendations.Grpc,
            ["Blog:Flags:Look"] = "00:00:00.050",
            ["services:site:http:0"] = world.site.Http,
            ["services:identity:http:0"] = identity.Http,
        };
        foreach (var (key, value) in settings) world.settings[key] = value;
        world.Bff = world.StartAnother(time);
        world.Client = world.NewBrowser();
        return world;
    }

    /// <summary>Another instance of the BFF beside the first, over the same services and Redis.</summary>
    public ServiceHost<Program> StartAnother(TimeProvider? time = null)
    {
        var host = new ServiceHost<Program>(settings, services =>
        {
            services.AddPageCacheServer();
            if (time is not null) services.Replace(ServiceDescriptor.Singleton(time));
        }).Start();
        owned.Insert(0, host);
        return host;
    }

    public Task StopSiteAsync() => site.DisposeAsync().AsTask();

    async Task<FakeServer> Serve(Action<IServiceCollection> services, Action<WebApplication> map)
    {
        var server = await FakeServer.StartAsync(collection =>
        {
            collection.AddSingleton(Content);
            collection.AddSingleton(Revisions);
            collection.AddSingleton(Reviews);
            collection.AddSingleton(Series);
            collection.AddSingleton(Translations);
            collection.AddSingleton(Media);
            collection.AddSingleton(Together);
            collection.AddSingleton(Publications);
            collection.AddSingleton(Imports);
            collection.AddSingleton(Exports);
            collection.AddSingleton(Users);
            collection.AddSingleton(Notifications);
            collection.AddSingleton(Hub);
            collection.AddSingleton(Claps);
            collection.AddSingleton(Highlights);
            collection.AddSingleton(Gifts);
            collection.AddSingleton(Responses);
            collection.AddSingleton(Lists);
            collection.AddSingleton(History);
            collection.AddSingleton(Feed);
            collection.AddSingleton(Search);
            collection.AddSingleton(ForYou);
            collection.AddSingleton(Discovery);
            collection.AddSingleton(Flags);
            collection.AddSingleton(Relations);
            services(collection);
        }, map);
        owned.Add(server);
        return server;
    }

    /// <summary>A client with cookies of its own. Cookies are sent although the address is not https, as browsers do for localhost.</summary>
    public HttpClient NewBrowser(ServiceHost<Program>? bff = null)
    {
        var jar = new CookieJar(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None });
        var browser = new HttpClient(jar) { BaseAddress = (bff ?? Bff).HttpAddress };
        jars[browser] = jar;
        return browser;
    }

    /// <summary>Signs in through the whole code flow; the client then has the session's cookie.</summary>
    public async Task<HttpClient> SignInAsync(string handle = "ada", ServiceHost<Program>? bff = null)
    {
        if (!Users.Profiles.ContainsKey(Identity.Subject)) Users.Add(handle, Identity.Subject);
        var browser = NewBrowser(bff);
        var login = await browser.GetAsync("/bff/login");
        var back = await browser.GetAsync(Identity.Authorize(login.Headers.Location!));
        back.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        browser.DefaultRequestHeaders.Add("X-CSRF", "1");
        return browser;
    }

    /// <summary>The cookies a browser holds, as a thief would send them.</summary>
    public string CookiesOf(HttpClient browser) => jars[browser].ToString();

    public static async Task Until(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition()) await Task.Delay(10, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var item in owned) await item.DisposeAsync();
    }

    sealed class CookieJar(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        readonly ConcurrentDictionary<string, string> cookies = new();

        public override string ToString() => string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!cookies.IsEmpty && !request.Headers.Contains("Cookie"))
                request.Headers.TryAddWithoutValidation("Cookie", ToString());
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.TryGetValues("Set-Cookie", out var lines))
                foreach (var line in lines)
                {
                    var pair = line.Split(';')[0].Split('=', 2);
                    if (pair[1].Length == 0) cookies.TryRemove(pair[0], out _);
                    else cookies[pair[0]] = pair[1];
                }

            return response;
        }
    }
}
