using Blog.Identity.Data;
using Blog.Testing;
using Blog.Users.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(Blog.Identity.Tests.IdentityFixture))]

namespace Blog.Identity.Tests;

/// <summary>
/// Identity and Users as they run together: real pages, real tokens, real gRPC, a real mail server, a real PostgreSQL. Tests share one; those
/// that take something away have their own (<see cref="FragileFixture"/>).
/// </summary>
public class IdentityFixture : IAsyncLifetime
{
    public const string Origin = "http://blog.test", Password = "four quiet kestrels";

    readonly PostgresFixture postgres = new();
    ServiceHost<UsersDbContext>? users;
    ServiceHost<AccountsDbContext>? identity;
    string connectionString = "";

    public MailSink Mail { get; } = new();
    public IServiceProvider Services => identity!.Services;

    public async ValueTask InitializeAsync()
    {
        await postgres.InitializeAsync();
        await Mail.InitializeAsync();
        connectionString = await postgres.CreateDatabaseAsync();
        StartIdentity();
        users = new ServiceHost<UsersDbContext>(new Dictionary<string, string>
        {
            ["Blog:PublicOrigin"] = Origin,
            ["ConnectionStrings:users"] = await postgres.CreateDatabaseAsync(),
            ["ConnectionStrings:broker"] = "127.0.0.1:1",
            ["services:identity:http:0"] = identity!.HttpAddress.ToString(),
        }).Start();
        Connect();
    }

    void StartIdentity() => identity = new ServiceHost<AccountsDbContext>(new Dictionary<string, string>
    {
        ["Blog:PublicOrigin"] = Origin,
        ["Blog:ClientId"] = "identity",
        ["Blog:ClientSecret"] = "identity-secret",
        ["Blog:Clients:bff:Secret"] = "bff-secret",
        ["Blog:Clients:content:Secret"] = "content-secret",
        ["ConnectionStrings:identity"] = connectionString,
        ["services:mail:smtp:0"] = Mail.Address,
    }).Start();

    void Connect()
    {
        var configuration = Services.GetRequiredService<IConfiguration>();
        configuration["services:identity:http:0"] = identity!.HttpAddress.ToString();
        configuration["services:users:grpc:0"] = users!.GrpcAddress.ToString();
    }

    /// <summary>Stops Identity and starts it anew over the same database.</summary>
    public async Task RestartIdentityAsync()
    {
        await identity!.DisposeAsync();
        StartIdentity();
        Connect();
    }

    /// <summary>Users goes away for good.</summary>
    public async Task StopUsersAsync() => await users!.DisposeAsync();

    internal Browser OpenBrowser() => new(Origin, identity!.HttpAddress);

    public Users.V1.Users.UsersClient Users(string? token = null) => new(users!.CallInvoker(token));

    public V1.Contacts.ContactsClient Contacts(string? token) => new(identity!.CallInvoker(token));

    public static string FreshEmail() => $"{Guid.NewGuid():N}@example.org";
    public static string FreshHandle() => "p" + Guid.NewGuid().ToString("N")[..20];

    /// <summary>Signs up and returns the link from the message.</summary>
    internal async Task<string> SignUpAsync(Browser browser, string email, string? handle = null, string page = "/account/signup")
    {
        await browser.OpenAsync(page);
        await browser.SendAsync(("email", email), ("password", Password), ("name", "Jun Kestrel"), ("handle", handle ?? FreshHandle()));
        browser.Heading.ShouldBe("Check your inbox");
        return LinkIn(await Mail.WaitForAsync(email, "Confirm"));
    }

    /// <summary>An account that is ready to sign in.</summary>
    internal async Task<string> ConfirmedAccountAsync(string? handle = null)
    {
        using var browser = OpenBrowser();
        var email = FreshEmail();
        await browser.OpenAsync(await SignUpAsync(browser, email, handle));
        return email;
    }

    /// <summary>The link of a message; the same in both of its forms.</summary>
    public static string LinkIn(SunkMail mail)
    {
        var link = mail.Text.Split('\n').Select(line => line.Trim()).First(line => line.StartsWith(Origin, StringComparison.Ordinal));
        mail.Html.ShouldContain(System.Net.WebUtility.HtmlEncode(link));
        return link;
    }

    public async ValueTask DisposeAsync()
    {
        await identity!.DisposeAsync();
        await users!.DisposeAsync();
        await Mail.DisposeAsync();
        await postgres.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A whole of its own for one test class.</summary>
public sealed class FragileFixture : IdentityFixture;
