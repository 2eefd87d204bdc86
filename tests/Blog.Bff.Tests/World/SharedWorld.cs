using Blog.Testing;

namespace Blog.Bff.Tests.World;

/// <summary>One world for the tests that leave it as they found it.</summary>
public sealed class SharedWorld : IAsyncLifetime
{
    readonly RedisFixture redis = new();

    internal BffWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await redis.InitializeAsync();
        World = await BffWorld.StartAsync(redis);
        World.Users.Add("shared", World.Identity.Subject);
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await redis.DisposeAsync();
    }
}
