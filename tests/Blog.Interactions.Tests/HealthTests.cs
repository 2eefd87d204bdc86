using System.Net;

namespace Blog.Interactions.Tests;

public sealed class HealthTests(InteractionsFixture interactions) : IClassFixture<InteractionsFixture>
{
    [Fact]
    public async Task The_service_is_healthy_over_an_empty_database()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(interactions.Host.HttpAddress, "/health"), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
