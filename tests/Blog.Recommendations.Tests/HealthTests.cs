using System.Net;

namespace Blog.Recommendations.Tests;

public sealed class HealthTests(RecommendationsFixture blog)
{
    [Fact]
    public async Task The_service_is_healthy_over_an_empty_database()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(blog.Host.HttpAddress, "/health"), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
