using Blog.Identity.Accounts;
using Blog.ServiceDefaults.Mail;
using Blog.Identity.Pages;

namespace Blog.Identity.Tests;

public sealed class AccountRulesTests
{
    [Theory]
    [InlineData("four quiet kestrels")]
    [InlineData("пять тихих птиц")]
    [InlineData("Tr0ub4dor&3x")]
    public void A_long_password_in_any_script_is_allowed(string password) => PasswordRules.Problem(password, "jun@kestrel.example").ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("nine char")]
    [InlineData("Password123")]
    [InlineData("1234567890")]
    [InlineData("abababababab")]
    [InlineData("Jun@Kestrel.example")]
    [InlineData("jun.kestrel.writes")]
    public void A_short_common_or_own_one_is_refused(string password) => PasswordRules.Problem(password, password.Contains('@') ? "jun@kestrel.example" : "jun.kestrel.writes@example.org").ShouldNotBeNull();

    [Fact]
    public void A_password_is_bounded_because_it_is_hashed() => PasswordRules.Problem(string.Concat(Enumerable.Range(0, 300)), "").ShouldNotBeNull();

    [Theory]
    [InlineData("jun@kestrel.example")]
    [InlineData("jun+blog@kestrel.example")]
    [InlineData("юн@пример.рф")]
    public void An_address_has_a_name_and_a_place(string email) => EmailAddress.Problem(email).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("jun")]
    [InlineData("jun@")]
    [InlineData("@kestrel.example")]
    [InlineData("Jun <jun@kestrel.example>")]
    [InlineData("jun@kestrel.example, sol@kestrel.example")]
    [InlineData("jun@kestrel.example\r\nBcc: all@example.org")]
    [InlineData("\"a b\"@kestrel.example")]
    public void Anything_else_is_no_address(string email) => EmailAddress.Problem(email).ShouldNotBeNull();

    [Theory]
    [InlineData("/write", "/write")]
    [InlineData("/connect/authorize/callback?x=%2F%2Fevil", "/connect/authorize/callback?x=%2F%2Fevil")]
    [InlineData("//evil.example", ReturnAddress.Home)]
    [InlineData("/\\evil.example", ReturnAddress.Home)]
    [InlineData("https://evil.example", ReturnAddress.Home)]
    [InlineData("", ReturnAddress.Home)]
    [InlineData(null, ReturnAddress.Home)]
    public void People_go_on_to_paths_of_this_site_only(string? wished, string address) => ReturnAddress.From(wished).ShouldBe(address);
}
