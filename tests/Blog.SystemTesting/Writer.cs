using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Blog.SystemTesting;

/// <summary>A signed-in person who writes, through the public entrance as the site's editor does.</summary>
public sealed class Writer : IDisposable
{
    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>The author's side of an article, as the API tells it.</summary>
    public sealed record Article(string Id, string Status, Content Content, long Revision, string? Url, bool HasUnpublishedChanges);

    /// <summary>What the author edits.</summary>
    public sealed record Content(string Title, string Description, string Markdown, string[] Topics, string CoverMediaId, string CoverAlt, string Slug, string CanonicalUrl, string Language);

    Writer(PlainBrowser browser, string handle, string email, string password)
    {
        Browser = browser;
        Handle = handle;
        Email = email;
        Password = password;
    }

    /// <summary>The browser that holds the session.</summary>
    public PlainBrowser Browser { get; }
    /// <summary>Without the @.</summary>
    public string Handle { get; }
    /// <summary>To sign in with.</summary>
    public string Email { get; }
    /// <summary>To sign in with.</summary>
    public string Password { get; }

    /// <summary>Signs up, confirms by mail and signs in, by the pages alone.</summary>
    public static async Task<Writer> SignUpAsync(RunningBlog blog, string handle, CancellationToken cancel)
    {
        var browser = new PlainBrowser(blog.Origin);
        var writer = new Writer(browser, handle, $"{handle}@example.org", "correct horse battery 9 Staple");
        var (_, form) = await browser.OpenAsync("/bff/login?returnUrl=/&screen=signup", cancel);
        await browser.SubmitAsync(form, new Dictionary<string, string> { ["email"] = writer.Email, ["password"] = writer.Password, ["name"] = $"Person {handle}", ["handle"] = handle }, cancel);
        var mail = await blog.Mailbox.WaitForAsync(writer.Email, "confirm", cancel);
        var (status, page) = await browser.OpenAsync(Mailbox.LinkIn(mail).ToString(), cancel);
        if (page.Forms.Any(f => f.QuerySelector("input[name=password]") is null && f.Method.Equals("post", StringComparison.OrdinalIgnoreCase)))
            await browser.SubmitAsync(page, new Dictionary<string, string>(), cancel);
        await writer.SignInAsync(cancel);
        return writer;
    }

    /// <summary>Signs in, if the provider asks for it.</summary>
    public Task SignInAsync(CancellationToken cancel) => SignInAsync(Browser, cancel);

    /// <summary>Signs in with another browser.</summary>
    public async Task SignInAsync(PlainBrowser browser, CancellationToken cancel)
    {
        var (_, page) = await browser.OpenAsync("/bff/login?returnUrl=/", cancel);
        if (page.QuerySelector("input[name=password]") is not null)
            await browser.SubmitAsync(page, new Dictionary<string, string> { ["email"] = Email, ["password"] = Password }, cancel);
        if (!browser.Cookies.ContainsKey("__Host-blog")) throw new InvalidOperationException($"Not signed in; now at {browser.Location}.");
    }

    /// <summary>Signs out as the menu does, by the address that the session itself names.</summary>
    public async Task SignOutAsync(CancellationToken cancel)
    {
        using var response = await Browser.SendAsync(new(HttpMethod.Get, new Uri("/bff/user", UriKind.Relative)), cancel);
        var user = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
        await Browser.OpenAsync(user.GetProperty("logoutUrl").GetString()!, cancel);
    }

    /// <summary>A new draft.</summary>
    public Task<Article> CreateAsync(string title, string markdown, CancellationToken cancel) =>
        Call<Article>(HttpMethod.Post, "/api/v1/me/articles", new { content = new Content(title, "", markdown, [], "", "", "", "", "") }, cancel);

    /// <summary>Saves the working copy; with a key, once.</summary>
    public Task<Article> SaveAsync(Article article, Content content, CancellationToken cancel, string? key = null) =>
        Call<Article>(HttpMethod.Put, $"/api/v1/me/articles/{article.Id}", new { content, revision = article.Revision }, cancel, key);

    /// <summary>Keeps the working copy as a version.</summary>
    public async Task KeepAsync(Article article, string name, CancellationToken cancel) =>
        await Call<JsonElement>(HttpMethod.Post, $"/api/v1/me/articles/{article.Id}/revisions", new { revision = article.Revision, name }, cancel);

    /// <summary>Makes the working copy what readers see.</summary>
    public Task<Article> PublishAsync(Article article, CancellationToken cancel) =>
        Call<Article>(HttpMethod.Post, $"/api/v1/me/articles/{article.Id}/publish", new { revision = article.Revision }, cancel);

    /// <summary>Takes it away from readers.</summary>
    public Task<Article> UnpublishAsync(Article article, CancellationToken cancel) =>
        Call<Article>(HttpMethod.Post, $"/api/v1/me/articles/{article.Id}/unpublish", new { revision = article.Revision }, cancel);

    /// <summary>The article as it is stored.</summary>
    public Task<Article> GetAsync(string id, CancellationToken cancel) => Call<Article>(HttpMethod.Get, $"/api/v1/me/articles/{id}", null, cancel);

    /// <summary>Anything else of the API; what it answers, if anything.</summary>
    public async Task<JsonNode?> SendAsync(HttpMethod method, string address, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body, options: Web) };
        using var response = await Browser.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{method} {address}: {(int)response.StatusCode} {text}", null, response.StatusCode);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>Makes something; what it became.</summary>
    public async Task<JsonNode> PostAsync(string address, object body, CancellationToken cancel) => (await SendAsync(HttpMethod.Post, address, body, cancel))!;

    /// <summary>Looks at something.</summary>
    public async Task<JsonNode> LookAsync(string address, CancellationToken cancel) => (await SendAsync(HttpMethod.Get, address, null, cancel))!;

    async Task<T> Call<T>(HttpMethod method, string address, object? body, CancellationToken cancel, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body, options: Web) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await Browser.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{method} {address}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancel)}", null, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<T>(Web, cancel))!;
    }

    /// <inheritdoc/>
    public void Dispose() => Browser.Dispose();
}
