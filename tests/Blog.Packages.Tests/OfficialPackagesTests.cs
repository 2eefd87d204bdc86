namespace Blog.Packages.Tests;

/// <summary>The switch from stand-ins to official packages, as far as it can be checked on a feed that lacks these.</summary>
public sealed class OfficialPackagesTests(OfficialGraph graph) : IClassFixture<OfficialGraph>
{
    /// <summary>Tools under standins/ that are no package.</summary>
    static readonly string[] NoPackage = ["Aspire.AppHost.Sdk"];

    [Fact]
    public void Every_project_was_evaluated_as_official()
    {
        var listed = File.ReadAllLines(Path.Combine(OfficialGraph.Root, "Blog.sln"))
            .Where(line => line.StartsWith("Project(", StringComparison.Ordinal) && line.Contains(".csproj", StringComparison.Ordinal))
            .Select(line => line.Split('"')[5].Replace('\\', '/'))
            .Where(path => !path.StartsWith("standins/", StringComparison.Ordinal))
            .ToArray();

        listed.Length.ShouldBeGreaterThan(5);
        listed.Except(graph.Projects).ShouldBeEmpty();
    }

    [Fact]
    public void No_stand_in_is_left_in_the_graph()
    {
        graph.ProjectReferences.ShouldNotBeEmpty();
        graph.ProjectReferences.Where(reference => reference.Other.StartsWith("standins", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Each_package_has_a_central_version()
    {
        graph.Packages.Count.ShouldBeGreaterThan(20);
        graph.Packages.Where(reference => !graph.Versions.ContainsKey(reference.Package)).ShouldBeEmpty();
    }

    [Fact]
    public void Each_package_that_a_stand_in_stands_for_has_a_central_version()
    {
        Directory.GetFiles(Path.Combine(OfficialGraph.Root, "standins"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(id => !id.StartsWith("Blog.", StringComparison.Ordinal) && !NoPackage.Contains(id))
            .Where(id => !graph.Versions.ContainsKey(id))
            .ShouldBeEmpty();
    }

    /// <summary>Versions that belong together, and those that the code was written against.</summary>
    [Theory]
    [InlineData("Aspire.Hosting.Elasticsearch", "13.3.0")]
    [InlineData("Aspire.", "13.5.2")]
    [InlineData("Duende.IdentityServer", "8.")]
    [InlineData("Grpc.", "2.85.0")]
    [InlineData("Confluent.Kafka", "2.15.1")]
    [InlineData("librdkafka.redist", "2.15.1")]
    public void Official_packages_have_the_versions_that_the_code_was_written_against(string prefix, string version)
    {
        string[] exceptions = prefix == "Aspire." ? ["Aspire.Hosting.Elasticsearch"] : [];

        var packages = graph.Versions.Where(package => package.Key.StartsWith(prefix, StringComparison.Ordinal) && !exceptions.Contains(package.Key)).ToArray();

        packages.ShouldNotBeEmpty();
        packages.ShouldAllBe(package => package.Value.StartsWith(version, StringComparison.Ordinal));
    }
}
