using System.Net;
using Duende.IdentityServer.AspNetIdentity;
using Duende.IdentityServer.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Blog.IdentityServer.Tests;

/// <summary>The token server on the accounts and the cookie of ASP.NET Core Identity.</summary>
public sealed class AspNetIdentityTests : IAsyncLifetime
{
    readonly ManualClock _clock = new();
    WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer(options => options.BaseAddress = new Uri(TokenServer.Issuer));
        var services = builder.Services;
        services.AddRouting();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton<AccountStore>();
        services.AddIdentity<Account, IdentityRole>();
        services.AddSingleton<IUserStore<Account>>(provider => provider.GetRequiredService<AccountStore>());
        services.AddSingleton<IRoleStore<IdentityRole>>(provider => provider.GetRequiredService<AccountStore>());
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.Zero);
        services.AddIdentityServer(options => options.UserInteraction.LoginUrl = "/account/login")
            .AddInMemoryIdentityResources([new IdentityResources.OpenId(), new IdentityResources.Profile(), new IdentityResources.Email()])
            .AddInMemoryApiScopes([new("blog.api")])
            .AddInMemoryApiResources([new("blog", ["role"]) { Scopes = { "blog.api" } }])
            .AddInMemoryClients(
            [
                new()
                {
                    ClientId = "bff",
                    ClientSecrets = { new("bff-secret".Sha256()) },
                    AllowedGrantTypes = GrantTypes.Code,
                    RedirectUris = { TokenServer.Callback },
                    AllowOfflineAccess = true,
                    AllowedScopes = { "openid", "profile", "email", "blog.api" },
                },
            ])
            .AddAspNetIdentity<Account>()
            .AddProfileService<LockableProfiles>();
        _app = builder.Build();
        _app.UseRouting();
        _app.UseIdentityServer();
        _app.MapPost("/sign-up", async (UserManager<Account> users) =>
        {
            await users.CreateAsync(new Account { Id = "0198", UserName = "jun", Email = "jun@example.org", EmailConfirmed = true }, "Passw0rd!");
            await users.AddToRoleAsync((await users.FindByIdAsync("0198"))!, "author");
        });
        _app.MapPost("/log-in", async (SignInManager<Account> sign) => (await sign.PasswordSignInAsync("jun", "Passw0rd!", isPersistent: false, lockoutOnFailure: false)).Succeeded);
        _app.MapPost("/log-in-by/{method}", async (string method, SignInManager<Account> sign, UserManager<Account> users) =>
            await sign.SignInAsync((await users.FindByIdAsync("0198"))!, isPersistent: false, authenticationMethod: method));
        _app.MapPost("/refresh-log-in", async (SignInManager<Account> sign, UserManager<Account> users, HttpContext context) =>
            await sign.RefreshSignInAsync((await users.GetUserAsync(context.User))!));
        _app.MapPost("/log-out", (SignInManager<Account> sign) => sign.SignOutAsync());
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    Browser NewBrowser() => new(new HttpClient(new CookieJar(_app.GetTestServer().CreateHandler())) { BaseAddress = new Uri(TokenServer.Issuer) });

    Caller Caller => new(_app.GetTestClient());

    async Task<Browser> SignedInAsync()
    {
        var browser = NewBrowser();
        (await browser.PostAsync("/sign-up")).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.PostAsync("/log-in")).Text.ShouldBe("true");
        return browser;
    }

    [Fact]
    public async Task A_password_sign_in_is_a_session_with_subject_role_and_profile()
    {
        var browser = await SignedInAsync();

        var tokens = TokenSet.From(await Caller.RedeemAsync(await browser.CodeAsync()));
        var info = await Caller.UserInfoAsync(tokens.AccessToken);

        tokens.Identity.Subject.ShouldBe("0198");
        tokens.Identity.GetPayloadValue<string[]>("amr").ShouldBe(["pwd"]);
        tokens.Identity.GetPayloadValue<string>("idp").ShouldBe("local");
        tokens.Access.GetPayloadValue<string>("role").ShouldBe("author");
        info.Member("preferred_username").ShouldBe("jun");
        info.Member("email").ShouldBe("jun@example.org");
        info.Json.GetProperty("email_verified").GetBoolean().ShouldBeTrue();
        info.Has("role").ShouldBeFalse();
    }

    [Theory]
    [InlineData("pwd", "local", "pwd")]
    [InlineData("github", "github", "external")]
    public async Task RFC_8176_the_method_of_SignInManager_is_how_or_with_whom_the_person_signed_in(string method, string provider, string amr)
    {
        var browser = await SignedInAsync();
        await browser.PostAsync("/log-out");
        await browser.PostAsync($"/log-in-by/{method}");

        var token = TokenSet.From(await Caller.RedeemAsync(await browser.CodeAsync())).Identity;

        token.GetPayloadValue<string>("idp").ShouldBe(provider);
        token.GetPayloadValue<string[]>("amr").ShouldBe([amr]);
    }

    [Fact]
    public async Task A_refreshed_cookie_keeps_session_and_time_of_sign_in()
    {
        var browser = await SignedInAsync();
        var first = TokenSet.From(await Caller.RedeemAsync(await browser.CodeAsync()));
        _clock.Advance(TimeSpan.FromMinutes(5));
        await browser.PostAsync("/refresh-log-in");
        _clock.Advance(TimeSpan.FromMinutes(5));

        var second = TokenSet.From(await Caller.RedeemAsync(await browser.CodeAsync()));

        foreach (var claim in new[] { "auth_time", "sid", "idp" })
            second.Identity.GetClaim(claim).Value.ShouldBe(first.Identity.GetClaim(claim).Value);
        second.Identity.GetPayloadValue<string[]>("amr").ShouldBe(["pwd"]);
        (await browser.AuthorizeAsync(("max_age", "500"), ("prompt", "none"))).Parameter("error").ShouldBe("login_required");
    }

    [Fact]
    public async Task A_changed_security_stamp_ends_the_session()
    {
        var browser = await SignedInAsync();
        var users = _app.Services.GetRequiredService<AccountStore>();
        (await browser.AuthorizeAsync(("prompt", "none"))).Parameter("code").ShouldNotBeNull();

        users.Account!.SecurityStamp = "changed";
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await browser.AuthorizeAsync(("prompt", "none"))).Parameter("error").ShouldBe("login_required");
    }

    [Fact]
    public async Task A_locked_or_deleted_account_gets_no_more_tokens()
    {
        var browser = await SignedInAsync();
        var tokens = TokenSet.From(await Caller.RedeemAsync(await browser.CodeAsync()));
        var users = _app.Services.GetRequiredService<AccountStore>();

        users.Account!.LockoutEnd = DateTimeOffset.MaxValue;
        (await Caller.RefreshAsync(tokens.RefreshToken!)).ShouldBeError("invalid_grant");
        users.Account = null;

        (await Caller.RefreshAsync(tokens.RefreshToken!)).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task SignInManager_sign_out_ends_the_session_here()
    {
        var browser = await SignedInAsync();
        (await browser.AuthorizeAsync(("prompt", "none"))).Parameter("code").ShouldNotBeNull();

        await browser.PostAsync("/log-out");

        (await browser.AuthorizeAsync(("prompt", "none"))).Parameter("error").ShouldBe("login_required");
    }

    sealed class Account : IdentityUser;

    sealed class LockableProfiles(UserManager<Account> users, IUserClaimsPrincipalFactory<Account> claims) : ProfileService<Account>(users, claims)
    {
        protected override async Task<bool> IsUserActiveAsync(Account user, CancellationToken ct) => !await UserManager.IsLockedOutAsync(user);
    }

    /// <summary>One account in memory.</summary>
    sealed class AccountStore : IUserPasswordStore<Account>, IUserRoleStore<Account>, IUserEmailStore<Account>, IUserSecurityStampStore<Account>,
        IUserLockoutStore<Account>, IRoleStore<IdentityRole>
    {
        readonly List<string> _roles = [];

        public Account? Account { get; set; }

        public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken)
        {
            Account = user;
            return Task.FromResult(IdentityResult.Success);
        }

        public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(IdentityResult.Success);
        public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(IdentityResult.Success);
        public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(Account?.Id == userId ? Account : null);
        public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
            Task.FromResult(Account?.NormalizedUserName == normalizedUserName ? Account : null);
        public Task<Account?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
            Task.FromResult(Account?.NormalizedEmail == normalizedEmail ? Account : null);
        public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id);
        public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.UserName);
        public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedUserName);
        public Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);
        public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);
        public Task<string?> GetEmailAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Email);
        public Task<bool> GetEmailConfirmedAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.EmailConfirmed);
        public Task<string?> GetNormalizedEmailAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedEmail);
        public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.SecurityStamp);
        public Task<DateTimeOffset?> GetLockoutEndDateAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnd);
        public Task<bool> GetLockoutEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(true);
        public Task<int> GetAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(0);
        public Task<int> IncrementAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(0);
        public Task ResetAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.CompletedTask;
        public Task SetLockoutEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;
        public Task SetLockoutEndDateAsync(Account user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Set(() => user.LockoutEnd = lockoutEnd);
        public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => Set(() => user.UserName = userName);
        public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) =>
            Set(() => user.NormalizedUserName = normalizedName);
        public Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken) => Set(() => user.PasswordHash = passwordHash);
        public Task SetEmailAsync(Account user, string? email, CancellationToken cancellationToken) => Set(() => user.Email = email);
        public Task SetEmailConfirmedAsync(Account user, bool confirmed, CancellationToken cancellationToken) => Set(() => user.EmailConfirmed = confirmed);
        public Task SetNormalizedEmailAsync(Account user, string? normalizedEmail, CancellationToken cancellationToken) =>
            Set(() => user.NormalizedEmail = normalizedEmail);
        public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken) => Set(() => user.SecurityStamp = stamp);
        public Task AddToRoleAsync(Account user, string roleName, CancellationToken cancellationToken) => Set(() => _roles.Add("author"));
        public Task RemoveFromRoleAsync(Account user, string roleName, CancellationToken cancellationToken) => Set(_roles.Clear);
        public Task<IList<string>> GetRolesAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<IList<string>>([.. _roles]);
        public Task<bool> IsInRoleAsync(Account user, string roleName, CancellationToken cancellationToken) => Task.FromResult(false);
        public Task<IList<Account>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken) => Task.FromResult<IList<Account>>([]);

        public Task<IdentityResult> CreateAsync(IdentityRole role, CancellationToken cancellationToken) => Task.FromResult(IdentityResult.Success);
        public Task<IdentityResult> UpdateAsync(IdentityRole role, CancellationToken cancellationToken) => Task.FromResult(IdentityResult.Success);
        public Task<IdentityResult> DeleteAsync(IdentityRole role, CancellationToken cancellationToken) => Task.FromResult(IdentityResult.Success);
        public Task<string> GetRoleIdAsync(IdentityRole role, CancellationToken cancellationToken) => Task.FromResult(role.Id);
        public Task<string?> GetRoleNameAsync(IdentityRole role, CancellationToken cancellationToken) => Task.FromResult(role.Name);
        public Task SetRoleNameAsync(IdentityRole role, string? roleName, CancellationToken cancellationToken) => Task.CompletedTask;
        public Task<string?> GetNormalizedRoleNameAsync(IdentityRole role, CancellationToken cancellationToken) => Task.FromResult(role.NormalizedName);
        public Task SetNormalizedRoleNameAsync(IdentityRole role, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

        Task<IdentityRole?> IRoleStore<IdentityRole>.FindByIdAsync(string roleId, CancellationToken cancellationToken) => Task.FromResult<IdentityRole?>(null);
        Task<IdentityRole?> IRoleStore<IdentityRole>.FindByNameAsync(string normalizedRoleName, CancellationToken cancellationToken) =>
            Task.FromResult<IdentityRole?>(null);

        public void Dispose()
        {
        }

        static Task Set(Action change)
        {
            change();
            return Task.CompletedTask;
        }
    }
}
