using System.Net;
using System.Net.Sockets;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Blog.Identity.Tests;

/// <summary>A browser without script: keeps cookies, follows redirects within the account pages, fills in and sends forms.</summary>
sealed class Browser : IDisposable
{
    readonly HttpClient http;
    readonly Uri origin;
    readonly CookieContainer cookies = new();

    /// <param name="origin">The address the site believes to have.</param>
    /// <param name="server">Where it really listens.</param>
    public Browser(string origin, Uri server)
    {
        this.origin = new Uri(origin);
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = cookies,
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(server.Host, server.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = this.origin };
    }

    public IHtmlDocument Page { get; private set; } = null!;
    public Uri Address { get; private set; } = null!;
    public HttpResponseMessage Response { get; private set; } = null!;

    /// <summary>Sent as Host instead of the site's own.</summary>
    public string? ForgedHost { get; set; }

    public string Heading => Page.QuerySelector("h1")!.TextContent;
    public string? ErrorOf(string field) => Page.QuerySelector($"#{field}-error")?.TextContent.Trim();
    public string? ValueOf(string field) => Page.QuerySelector<IHtmlInputElement>($"#{field}")?.GetAttribute("value");
    public string? Notice => Page.QuerySelector(".notice")?.TextContent.Trim();

    public Task<Uri> OpenAsync(string address) => GoAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(origin, address)));

    /// <summary>Sends the form of the page with these values in it. Answers where it led.</summary>
    public Task<Uri> SendAsync(params (string Name, string Value)[] values) => SendAsync(null, values);

    /// <summary>As a click on the button with this text.</summary>
    public Task<Uri> SendAsync(string? button, params (string Name, string Value)[] values)
    {
        var form = Page.QuerySelector<IHtmlFormElement>("form[method=post]").ShouldNotBeNull($"no form on “{Heading}”");
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input[name]")
            .Select(input => KeyValuePair.Create(input.Name!, values.FirstOrDefault(value => value.Name == input.Name) is (not null, var typed) ? typed : input.Value));
        var clicked = form.QuerySelectorAll("button").Single(b => button is null ? !b.HasAttribute("formaction") : b.TextContent == button);
        var action = clicked.GetAttribute("formaction") ?? form.GetAttribute("action") ?? Address.PathAndQuery;
        return GoAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(Address, action == "" ? Address.PathAndQuery : action)) { Content = new FormUrlEncodedContent(fields) });
    }

    /// <summary>All cookies of the site, to be carried to another browser.</summary>
    public string CookieHeader => cookies.GetCookieHeader(origin);

    public void AdoptCookies(string header) => cookies.SetCookies(origin, header.Replace("; ", ", ", StringComparison.Ordinal));

    public Task<HttpResponseMessage> RawAsync(HttpRequestMessage request) => http.SendAsync(request);

    // Until a page is shown, or the way leads to somebody else (the BFF, the phone).
    async Task<Uri> GoAsync(HttpRequestMessage request)
    {
        while (true)
        {
            Address = request.RequestUri!;
            request.Headers.Host = ForgedHost;
            Response = await http.SendAsync(request);
            if (Response.Headers.Location is not { } location)
                break;
            var next = new Uri(Address, location);
            if (next.Host != origin.Host || !(next.AbsolutePath.StartsWith("/account", StringComparison.Ordinal) || next.AbsolutePath.StartsWith("/connect", StringComparison.Ordinal)))
                return Address = location.IsAbsoluteUri ? location : next;
            request = new HttpRequestMessage(HttpMethod.Get, next);
        }
        Page = new HtmlParser().ParseDocument(await Response.Content.ReadAsStringAsync());
        return Address;
    }

    public void Dispose() => http.Dispose();
}
