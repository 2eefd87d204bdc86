using System.Net;
using Blog.ServiceDefaults.Net;
using Microsoft.Extensions.Configuration;

namespace Blog.Notifications.Tests.Devices;

/// <summary>An endpoint is an address that anybody can make up; none may lead inside.</summary>
public sealed class PublicInternetTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static readonly IConfiguration Configuration = new ConfigurationBuilder().Build();

    [Theory]
    [InlineData("http://push.example.org/x"), InlineData("https://127.0.0.1/x"), InlineData("https://[::1]/x"), InlineData("https://10.1.2.3/x"), InlineData("https://192.168.1.1/x")]
    [InlineData("https://169.254.169.254/latest/meta-data"), InlineData("https://[fe80::1]/x"), InlineData("https://[fd00::1]/x"), InlineData("https://[::ffff:10.0.0.1]/x"), InlineData("https://[64:ff9b::a00:1]/x")]
    [InlineData("https://[2002:a00:1::]/x"), InlineData("https://localhost/x"), InlineData("https://postgres:5432/x"), InlineData("https://0x7f000001/x"), InlineData("https://2130706433/x"), InlineData("https://100.64.0.1/x")]
    [InlineData("https://user:word@push.example.org/x"), InlineData("file:///etc/passwd"), InlineData("gopher://x"), InlineData("nonsense"), InlineData("")]
    public async Task An_endpoint_inside_is_refused(string endpoint) => (await new PublicInternet(Configuration).ProblemAsync(endpoint, Cancel)).ShouldNotBeNull();

    [Theory, InlineData("8.8.8.8", true), InlineData("2606:4700::1111", true), InlineData("172.15.0.1", true), InlineData("172.16.0.1", false), InlineData("0.0.0.0", false), InlineData("255.255.255.255", false), InlineData("::", false)]
    public void Addresses_are_public_or_not(string address, bool expected) => new PublicInternet(Configuration).IsPublic(IPAddress.Parse(address)).ShouldBe(expected);
}
