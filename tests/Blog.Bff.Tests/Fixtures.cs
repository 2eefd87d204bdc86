using Blog.Testing;

[assembly: AssemblyFixture(typeof(RedisFixture))]
