using System.Net;

namespace Blog.Search.Tests;

public sealed class HealthTests(SearchFixture search)
{
    [Fact]
    public async Task The_service_is_healthy_over_an_empty_database()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(search.Host.HttpAddress, "/health"), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
