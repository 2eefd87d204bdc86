using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Blog.Notifications.Devices;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Net;
using Blog.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using PushTarget = Blog.Notifications.Devices.PushTarget;

namespace Blog.Notifications.Tests.Devices;

/// <summary>Notifications with push services that a test can make answer as it likes.</summary>
public sealed class PushWorld(PostgresFixture postgres) : IAsyncLifetime
{
    internal readonly Mail.MailWorld World = new(postgres) { Settings = { ["Blog:Push:AllowLoopback"] = "true" } };
    internal readonly ECDiffieHellman BrowserKey = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    internal readonly byte[] Auth = RandomNumberGenerator.GetBytes(16);
    internal readonly ConcurrentQueue<Received> Requests = new();

    internal sealed record Received(string Protocol, string Path, Dictionary<string, string> Headers, byte[] Body);

    internal readonly RSA Account = RSA.Create(2048);
    internal readonly ECDsa AppleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly string folder = Directory.CreateTempSubdirectory("blog-push-").FullName;
    internal Func<HttpContext, IResult> Answer = _ => Results.StatusCode(201);
    internal FakeServer Service = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await FakeServer.StartAsync(_ => { }, app => app.Run(async http =>
        {
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            Requests.Enqueue(new(http.Request.Protocol, http.Request.Path.Value!, http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), body.ToArray()));
            await Answer(http).ExecuteAsync(http);
        }));
        await File.WriteAllTextAsync($"{folder}/fcm.json", JsonSerializer.Serialize(new { project_id = "blog", client_email = "push@blog.test", private_key = Account.ExportPkcs8PrivateKeyPem(), token_uri = Service.Http + "/token" }));
        await File.WriteAllTextAsync($"{folder}/apple.p8", AppleKey.ExportPkcs8PrivateKeyPem());
        World.Settings["Blog:Push:Fcm:ServiceAccount"] = $"{folder}/fcm.json";
        World.Settings["Blog:Push:Fcm:Address"] = Service.Http;
        World.Settings["Blog:Push:Apns:KeyFile"] = $"{folder}/apple.p8";
        World.Settings["Blog:Push:Apns:KeyId"] = "KEY1234567";
        World.Settings["Blog:Push:Apns:TeamId"] = "TEAM123456";
        World.Settings["Blog:Push:Apns:Topic"] = "test.blog.app";
        World.Settings["Blog:Push:Apns:Address"] = Service.Grpc;
        await World.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await Service.DisposeAsync();
        BrowserKey.Dispose();
        Account.Dispose();
        AppleKey.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>What push services are told, against fakes of them that check as the real ones do.</summary>
public sealed class PushTests : IClassFixture<PushWorld>
{
    readonly PushWorld push;

    public PushTests(PushWorld push)
    {
        this.push = push;
        push.Requests.Clear();
        push.Answer = _ => Results.StatusCode(201);
    }

    Mail.MailWorld World => push.World;
    FakeServer Service => push.Service;
    ECDiffieHellman BrowserKey => push.BrowserKey;
    byte[] Auth => push.Auth;
    RSA Account => push.Account;
    ECDsa AppleKey => push.AppleKey;
    ConcurrentQueue<PushWorld.Received> Requests => push.Requests;
    Func<HttpContext, IResult> Answer { set => push.Answer = value; }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    V1.Push.PushClient As(Guid person) => new(World.Host.CallInvoker(World.TokenOf(person)));

    PutWebPushSubscriptionRequest Subscription(string path = "/send/1") => new()
    {
        Endpoint = Service.Http + path,
        P256Dh = Base64Url.EncodeToString(WebPushMessage.Point(BrowserKey.ExportParameters(false).Q)),
        Auth = Base64Url.EncodeToString(Auth),
        Label = "Firefox on Linux",
    };

    async Task<PushOutcome> SendAsync(IPushGateway gateway, PushTarget target) =>
        await gateway.SendAsync(target, new("Ana answered you", "Well said.", "http://blog.test/@ana/x", Guid.CreateVersion7().ToString("N"), IsUrgent: true), Cancel);

    static PushTarget Device(PushTransport transport, string token) =>
        new() { PersonId = Guid.CreateVersion7(), Id = Guid.CreateVersion7(), Transport = transport, Address = token, AddressHash = PushTarget.HashOf(token), Label = "", CreateTime = DateTimeOffset.UnixEpoch };

    /// <summary>Reads a message as the browser does (RFC 8291 §3.4, RFC 8188).</summary>
    JsonElement Decrypt(byte[] body)
    {
        var (salt, keyLength) = (body[..16], body[20]);
        var senderKey = body[21..(21 + keyLength)];
        using var sender = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = senderKey[1..33], Y = senderKey[33..] } });
        byte[] info = [.. "WebPush: info\0"u8, .. WebPushMessage.Point(BrowserKey.ExportParameters(false).Q), .. senderKey];
        var material = HKDF.DeriveKey(HashAlgorithmName.SHA256, BrowserKey.DeriveRawSecretAgreement(sender.PublicKey), 32, Auth, info);
        using var aes = new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray()), 16);
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 12, salt, "Content-Encoding: nonce\0"u8.ToArray());
        var cipher = body[(21 + keyLength)..];
        var plain = new byte[cipher.Length - 16];
        aes.Decrypt(nonce, cipher.AsSpan(..^16), cipher.AsSpan(^16..), plain);
        return JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(plain).TrimEnd('\u0002'));
    }

    [Fact]
    public async Task Somebody_who_is_mentioned_hears_of_it_in_the_browser_once_and_encrypted()
    {
        var (me, ana) = (Guid.CreateVersion7(), World.People.Add("Ana Brook"));
        await As(me).PutWebPushSubscriptionAsync(Subscription(), cancellationToken: Cancel);
        await As(me).PutWebPushSubscriptionAsync(Subscription(), cancellationToken: Cancel);
        (await As(me).ListPushTargetsAsync(new(), cancellationToken: Cancel)).Targets.ShouldHaveSingleItem().Label.ShouldBe("Firefox on Linux");

        var article = World.Stories.Add(ana, "On kestrels");
        await World.PublishAsync(article);
        await World.HappensAsync("interactions.responses.v1", article.Summary.Id, new Events.V1.ResponseChanged
        {
            ResponseId = Guid.CreateVersion7().ToString(), AuthorId = ana.ToString(), ArticleId = article.Summary.Id, ArticleAuthorId = ana.ToString(), Excerpt = new string('ä', 200),
            Change = Events.V1.ResponseChanged.Types.Change.Created, MentionedIds = { me.ToString() },
        });
        await World.UntilAsync(_ => Task.FromResult(!Requests.IsEmpty));

        var (_, path, headers, body) = Requests.ShouldHaveSingleItem();
        (path, headers["content-encoding"], headers["ttl"], headers["urgency"]).ShouldBe(("/send/1", "aes128gcm", "86400", "high"));
        headers["topic"].Length.ShouldBe(32);
        headers["authorization"].ShouldStartWith("vapid t=");
        headers["authorization"].ShouldEndWith(", k=" + (await new V1.Push.PushClient(World.Host.CallInvoker()).GetWebPushKeyAsync(new(), cancellationToken: Cancel)).PublicKey);
        var payload = Decrypt(body);
        payload.GetProperty("title").GetString().ShouldBe("Ana Brook mentioned you in a response to “On kestrels”");
        payload.GetProperty("tag").GetString().ShouldBe(headers["topic"]);
        payload.GetProperty("url").GetString()!.ShouldContain(article.Summary.Slug);
        body.Length.ShouldBeLessThanOrEqualTo(4096);
    }

    [Fact]
    public async Task A_browser_that_is_gone_is_forgotten_and_one_that_is_busy_is_asked_again_when_it_said()
    {
        var person = Guid.CreateVersion7();
        using var gateway = new WebPushGateway(EncryptionOf(World), new PublicInternet(Configuration("true")), World.Clock);
        var target = Device(PushTransport.Web, Service.Http + "/send/2");
        (target.P256dh, target.Auth) = (WebPushMessage.Point(BrowserKey.ExportParameters(false).Q), Auth);
        foreach (var (status, expected) in new[] { (201, typeof(PushOutcome.Taken)), (404, typeof(PushOutcome.Gone)), (410, typeof(PushOutcome.Gone)), (413, typeof(PushOutcome.Refused)), (301, typeof(PushOutcome.Refused)), (503, typeof(PushOutcome.Later)) })
        {
            Answer = _ => Results.StatusCode(status);
            (await SendAsync(gateway, target)).ShouldBeOfType(expected);
        }
        Answer = http =>
        {
            http.Response.Headers.RetryAfter = "120";
            return Results.StatusCode(429);
        };
        (await SendAsync(gateway, target)).ShouldBeOfType<PushOutcome.Later>().Wait.ShouldBe(TimeSpan.FromSeconds(120));
        (await World.InDatabaseAsync(db => db.Set<PushTarget>().CountAsync(t => t.PersonId == person, Cancel))).ShouldBe(0);
    }

    static Vapid EncryptionOf(Mail.MailWorld World) => Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Vapid>(World.Host.Services);

    static IConfiguration Configuration(string allowLoopback) => new ConfigurationBuilder().AddInMemoryCollection([new("Blog:Push:AllowLoopback", allowLoopback)]).Build();

    [Fact]
    public async Task A_name_that_leads_inside_is_not_connected_to_although_it_was_accepted()
    {
        using var client = new PublicInternet(Configuration("false")).CreateClient();
        // Names that resolve to this machine: what DNS rebinding comes down to.
        var refused = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(Service.Http.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), Cancel));
        refused.ToString().ShouldContain("private network");
        Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fcm_gets_a_token_of_the_service_account_and_the_message()
    {
        var tokens = 0;
        Answer = http =>
        {
            if (http.Request.Path != "/token") return Results.Json(new { name = "projects/blog/messages/1" });
            tokens++;
            return Results.Json(new { access_token = "ya29.token", expires_in = 3600, token_type = "Bearer" });
        };
        using var gateway = new FcmGateway(World.Configuration, World.Clock);
        (await SendAsync(gateway, Device(PushTransport.Fcm, "fcm-token:1"))).ShouldBeOfType<PushOutcome.Taken>();
        (await SendAsync(gateway, Device(PushTransport.Fcm, "fcm-token:1"))).ShouldBeOfType<PushOutcome.Taken>();

        tokens.ShouldBe(1);
        var all = Requests.ToArray();
        var form = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Encoding.UTF8.GetString(all[0].Body));
        form["grant_type"].ToString().ShouldBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
        var assertion = form["assertion"].ToString().Split('.');
        Account.VerifyData(Encoding.ASCII.GetBytes($"{assertion[0]}.{assertion[1]}"), Base64Url.DecodeFromChars(assertion[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
        var claims = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(assertion[1]));
        (claims.GetProperty("iss").GetString(), claims.GetProperty("scope").GetString(), claims.GetProperty("aud").GetString())
            .ShouldBe(("push@blog.test", "https://www.googleapis.com/auth/firebase.messaging", Service.Http + "/token"));
        all[1].Path.ShouldBe("/v1/projects/blog/messages:send");
        all[1].Headers["authorization"].ShouldBe("Bearer ya29.token");
        var message = JsonSerializer.Deserialize<JsonElement>(all[1].Body).GetProperty("message");
        (message.GetProperty("token").GetString(), message.GetProperty("notification").GetProperty("title").GetString(), message.GetProperty("android").GetProperty("priority").GetString())
            .ShouldBe(("fcm-token:1", "Ana answered you", "HIGH"));
    }

    [Fact]
    public async Task Fcm_forgets_who_is_unregistered_waits_when_asked_and_renews_its_token()
    {
        var (status, error, issued) = (404, "UNREGISTERED", 0);
        Answer = http => http.Request.Path == "/token"
            ? Results.Json(new { access_token = $"token-{Interlocked.Increment(ref issued)}", expires_in = 3600 })
            : Results.Json(new { error = new { code = status, details = new[] { new { errorCode = error } } } }, statusCode: status);
        using var gateway = new FcmGateway(World.Configuration, World.Clock);
        var device = Device(PushTransport.Fcm, "fcm-token:2");

        (await SendAsync(gateway, device)).ShouldBeOfType<PushOutcome.Gone>();
        (status, error) = (429, "QUOTA_EXCEEDED");
        (await SendAsync(gateway, device)).ShouldBeOfType<PushOutcome.Later>();
        (status, error) = (400, "INVALID_ARGUMENT");
        (await SendAsync(gateway, device)).ShouldBeOfType<PushOutcome.Refused>();
        issued.ShouldBe(1);
        (status, error) = (401, "THIRD_PARTY_AUTH_ERROR");
        (await SendAsync(gateway, device)).ShouldBeOfType<PushOutcome.Later>();
        await SendAsync(gateway, device);
        issued.ShouldBe(2);
    }

    [Fact]
    public async Task Apns_gets_a_provider_token_its_headers_and_the_message_over_http_2()
    {
        Answer = _ => Results.StatusCode(200);
        using var gateway = new ApnsGateway(World.Configuration, World.Clock);
        (await SendAsync(gateway, Device(PushTransport.Apns, "00ff00ff"))).ShouldBeOfType<PushOutcome.Taken>();

        var (protocol, path, headers, body) = Requests.ShouldHaveSingleItem();
        (protocol, path).ShouldBe(("HTTP/2", "/3/device/00ff00ff"));
        (headers["apns-topic"], headers["apns-push-type"], headers["apns-priority"]).ShouldBe(("test.blog.app", "alert", "10"));
        headers["apns-collapse-id"].Length.ShouldBe(32);
        var token = headers["authorization"]["bearer ".Length..].Split('.');
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token[0])).GetProperty("kid").GetString().ShouldBe("KEY1234567");
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token[1])).GetProperty("iss").GetString().ShouldBe("TEAM123456");
        AppleKey.VerifyData(Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), Base64Url.DecodeFromChars(token[2]), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation).ShouldBeTrue();
        JsonSerializer.Deserialize<JsonElement>(body).GetProperty("aps").GetProperty("alert").GetProperty("title").GetString().ShouldBe("Ana answered you");
    }

    [Fact]
    public async Task Apns_forgets_who_is_gone_and_waits_when_asked()
    {
        using var gateway = new ApnsGateway(World.Configuration, World.Clock);
        foreach (var (status, reason, expected) in new[]
        {
            (410, "Unregistered", typeof(PushOutcome.Gone)), (400, "BadDeviceToken", typeof(PushOutcome.Gone)), (429, "TooManyRequests", typeof(PushOutcome.Later)),
            (503, "ServiceUnavailable", typeof(PushOutcome.Later)), (403, "ExpiredProviderToken", typeof(PushOutcome.Later)), (400, "PayloadEmpty", typeof(PushOutcome.Refused)),
        })
        {
            Answer = _ => Results.Json(new { reason }, statusCode: status);
            (await SendAsync(gateway, Device(PushTransport.Apns, "00ff00ff"))).ShouldBeOfType(expected);
        }
    }

    [Fact]
    public async Task Targets_belong_to_who_gave_them_last_and_are_deleted_by_their_owner_alone()
    {
        var (ana, ben) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var target = (await As(ana).PutWebPushSubscriptionAsync(Subscription("/send/9"), cancellationToken: Cancel)).Target;
        await As(ben).DeletePushTargetAsync(new() { Id = target.Id }, cancellationToken: Cancel);
        (await As(ana).ListPushTargetsAsync(new(), cancellationToken: Cancel)).Targets.Count.ShouldBe(1);

        await As(ben).PutWebPushSubscriptionAsync(Subscription("/send/9"), cancellationToken: Cancel);
        (await As(ana).ListPushTargetsAsync(new(), cancellationToken: Cancel)).Targets.ShouldBeEmpty();
        (await As(ben).ListPushTargetsAsync(new(), cancellationToken: Cancel)).Targets.Count.ShouldBe(1);
        (await World.InDatabaseAsync(db => db.Set<Deliveries.Reachable>().Where(r => r.PersonId == ana || r.PersonId == ben).Select(r => r.PersonId).ToListAsync(Cancel))).ShouldBe([ben]);

        await As(ben).DeletePushTargetAsync(new() { Address = Service.Http + "/send/9" }, cancellationToken: Cancel);
        (await World.InDatabaseAsync(db => db.Set<Deliveries.Reachable>().AnyAsync(r => r.PersonId == ben, Cancel))).ShouldBeFalse();
    }

    [Fact]
    public async Task Keys_and_tokens_that_are_none_are_refused_by_name()
    {
        var me = As(Guid.CreateVersion7());
        var wrong = Subscription();
        wrong.P256Dh = Base64Url.EncodeToString([4, .. new byte[64]]);
        (await Should.ThrowAsync<RpcException>(async () => await me.PutWebPushSubscriptionAsync(wrong, cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcException>(async () => await me.PutDeviceAsync(new() { Transport = PushTransport.Apns, Token = "../../etc" }, cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcException>(async () => await new V1.Push.PushClient(World.Host.CallInvoker()).ListPushTargetsAsync(new(), cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }
}
