using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Blog.SystemTesting;

/// <summary>
/// A browser without JavaScript: follows redirects, keeps cookies, fills in and submits forms. Like a browser, it treats localhost as a secure
/// origin (W3C Secure Contexts §3.1) and so keeps cookies marked Secure, which .NET's own cookie container does not.
/// </summary>
public sealed class PlainBrowser(Uri origin) : IDisposable
{
    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = origin, Timeout = TimeSpan.FromSeconds(30) };
    readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);

    /// <summary>Where it is now.</summary>
    public Uri Location { get; private set; } = new("/", UriKind.Relative);

    /// <summary>The cookies it holds, by name.</summary>
    public IReadOnlyDictionary<string, string> Cookies => cookies;

    /// <summary>The cookies as a request carries them, for a client that this browser lends its session to.</summary>
    public string CookieHeader => string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}"));

    /// <summary>Opens a page and follows redirects.</summary>
    public Task<(HttpStatusCode Status, IHtmlDocument Page)> OpenAsync(string address, CancellationToken cancel) =>
        Go(new HttpRequestMessage(HttpMethod.Get, Absolute(address)), cancel);

    /// <summary>Submits the form of a page with some fields filled in.</summary>
    public Task<(HttpStatusCode Status, IHtmlDocument Page)> SubmitAsync(IHtmlDocument page, IReadOnlyDictionary<string, string> values, CancellationToken cancel)
    {
        var form = page.Forms.Single(f => f.Method.Equals("post", StringComparison.OrdinalIgnoreCase));
        var fields = form.QuerySelectorAll("input[name]").OfType<IHtmlInputElement>().Where(i => i.Type is not "submit" && (i.Type is not "checkbox" || i.IsChecked))
            .GroupBy(i => i.Name!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            if (!fields.ContainsKey(name)) throw new InvalidOperationException($"The form at {Location} has no field '{name}' but {string.Join(", ", fields.Keys)}.");
            fields[name] = value;
        }
        var action = form.GetAttribute("action") is { Length: > 0 } given ? Absolute(given) : Location;
        return Go(new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(fields) }, cancel);
    }

    /// <summary>One request with the cookies and the header that state-changing calls need; redirects are not followed.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        request.RequestUri = new Uri(origin, request.RequestUri!);
        request.Headers.TryAddWithoutValidation("X-CSRF", "1");
        return await Send(request, cancel);
    }

    Uri Absolute(string address) => new(Location.IsAbsoluteUri ? Location : origin, address);

    async Task<(HttpStatusCode, IHtmlDocument)> Go(HttpRequestMessage request, CancellationToken cancel)
    {
        for (var hops = 0; hops < 20; hops++)
        {
            Location = request.RequestUri!;
            request.Headers.Accept.ParseAdd("text/html");
            using var response = await Send(request, cancel);
            if (response.Headers.Location is not { } next || (int)response.StatusCode is < 300 or > 399)
                return (response.StatusCode, await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(cancel), cancel));
            var keepsMethod = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
            request = new(keepsMethod ? request.Method : HttpMethod.Get, new Uri(Location, next)) { Content = keepsMethod ? request.Content : null };
        }
        throw new InvalidOperationException($"Too many redirects, the last to {Location}.");
    }

    async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancel)
    {
        if (cookies.Count > 0) request.Headers.TryAddWithoutValidation("Cookie", CookieHeader);
        var response = await http.SendAsync(request, cancel);
        if (!response.Headers.TryGetValues("Set-Cookie", out var set)) return response;
        foreach (var cookie in set)
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            var gone = cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase) || cookie.Contains("max-age=0", StringComparison.OrdinalIgnoreCase);
            if (gone) cookies.Remove(pair[0]);
            else cookies[pair[0]] = pair[1];
        }
        return response;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
