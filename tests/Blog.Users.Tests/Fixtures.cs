using Blog.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
