using System.Collections.Concurrent;
using System.Net;
using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Text;
using Blog.Users.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Blog.Interactions.Tests;

/// <summary>Content and Users as far as Interactions asks them, in memory behind real gRPC.</summary>
public sealed class Neighbours : IAsyncDisposable
{
    readonly WebApplication app;

    public Neighbours()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        app = builder.Build();
        app.MapGrpcService<Renderer>();
        app.MapGrpcService<People>();
    }

    /// <summary>Ids by handle.</summary>
    public ConcurrentDictionary<string, Guid> Handles { get; } = new();

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public Task StartAsync() => app.StartAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    sealed class Renderer : Content.V1.Articles.ArticlesBase
    {
        public override Task<BatchGetPublishedArticlesResponse> BatchGetPublishedArticles(BatchGetPublishedArticlesRequest request, ServerCallContext context) =>
            Task.FromResult(new BatchGetPublishedArticlesResponse());

        public override Task<RenderResponseResponse> RenderResponse(RenderResponseRequest request, ServerCallContext context) => Task.FromResult(new RenderResponseResponse
        {
            Html = $"<p>{WebUtility.HtmlEncode(request.Markdown)}</p>",
            Text = request.Markdown,
            Handles = { Mentions.In(request.Markdown).Select(mention => mention.Handle).Distinct().Where(request.Handles.Contains) },
        });
    }

    sealed class People(Neighbours neighbours) : Users.V1.Users.UsersBase
    {
        public override Task<GetProfileResponse> GetProfile(GetProfileRequest request, ServerCallContext context) =>
            neighbours.Handles.TryGetValue(request.Handle, out var id)
                ? Task.FromResult(new GetProfileResponse { Profile = new() { Id = id.ToString(), Handle = request.Handle } })
                : throw RpcErrors.NotFound("Nobody has this handle.");
    }
}
