using Microsoft.AspNetCore.Identity;

namespace Blog.Identity.Accounts;

/// <summary>Who can sign in. The id is also the id of the profile in Users. People sign in by e-mail, so that is the user name as well.</summary>
public sealed class Account : IdentityUser<Guid>
{
    public DateTimeOffset CreateTime { get; init; }
}

/// <summary>The roles there are; the rows come with the first migration.</summary>
static class Roles
{
    public const string Reader = "reader", Author = "author", Editor = "editor", Moderator = "moderator", Administrator = "administrator";

    public static readonly string[] OfNewAccounts = [Reader, Author];
}
