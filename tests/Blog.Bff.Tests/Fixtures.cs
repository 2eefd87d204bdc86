using Blog.Bff.Tests.World;
using Blog.Testing;

[assembly: AssemblyFixture(typeof(RedisFixture))]
[assembly: AssemblyFixture(typeof(SharedWorld))]
