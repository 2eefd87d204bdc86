using Blog.Identity.Data;
using Blog.Identity.Mail;
using Blog.ServiceDefaults.Mail;
using Microsoft.AspNetCore.Identity;

namespace Blog.Identity.Accounts;

/// <summary>Accounts, their use cases and their mail.</summary>
static class AccountsRegistration
{
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddIdentity<Account, IdentityRole<Guid>>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = "";
                // PasswordRules and SignInLock take the place of what is switched off here.
                options.Password = new PasswordOptions
                {
                    RequiredLength = 1,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                    RequiredUniqueChars = 0,
                };
                options.Lockout.AllowedForNewUsers = false;
            })
            .AddEntityFrameworkStores<AccountsDbContext>()
            .AddDefaultTokenProviders()
            .AddPasswordValidator<PasswordRules>();
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(5));
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.Cookie.Name = "blog-account";
            cookie.LoginPath = "/account/login";
            cookie.LogoutPath = "/account/logout";
            cookie.AccessDeniedPath = "/account/denied";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.SlidingExpiration = true;
            cookie.ExpireTimeSpan = TimeSpan.FromDays(14);
        });

        services.AddScoped<SignUp>();
        services.AddScoped<SignIn>();
        services.AddScoped<SignInLock>();
        services.AddScoped<ConfirmEmail>();
        services.AddScoped<ResendConfirmation>();
        services.AddScoped<ForgotPassword>();
        services.AddScoped<ResetPassword>();
        services.AddScoped<AccountMail>();
        services.AddScoped<MailLimit>();
        builder.AddMail<AccountsDbContext>();
    }
}
