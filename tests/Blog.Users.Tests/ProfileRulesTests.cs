using Blog.Users.Profiles;

namespace Blog.Users.Tests;

public sealed class ProfileRulesTests
{
    [Theory]
    [InlineData("jo")]
    [InlineData("jun-kestrel")]
    [InlineData("a_1-b")]
    [InlineData("a23456789012345678901234567890")]
    public void A_handle_of_letters_digits_and_single_separators_is_allowed(string handle) => Handle.Problem(handle).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("j")]
    [InlineData("a234567890123456789012345678901")]
    [InlineData("-jun")]
    [InlineData("jun_")]
    [InlineData("jun--k")]
    [InlineData("jun-_k")]
    [InlineData("jun k")]
    [InlineData("jün")]
    [InlineData("jun.k")]
    [InlineData("Jun")]
    [InlineData("../etc")]
    [InlineData("јun")] // Cyrillic j
    public void Another_form_of_handle_is_refused(string handle) => Handle.Problem(handle).ShouldNotBeNull();

    [Theory]
    [InlineData("admin")]
    [InlineData("api")]
    [InlineData("me")]
    [InlineData("settings")]
    [InlineData("write")]
    public void A_reserved_word_is_no_handle(string handle) => Handle.Problem(handle)!.ShouldContain(handle);

    [Theory]
    [InlineData(" @Jun-K ", "jun-k")]
    [InlineData("ADMIN", "admin")]
    public void A_handle_is_kept_without_case_and_at_sign(string written, string kept) => Handle.Normalize(written).ShouldBe(kept);

    [Theory]
    [InlineData("Jun Kestrel")]
    [InlineData("山田 太郎")]
    [InlineData("נועה")]
    [InlineData("Зоя Ф.")]
    [InlineData("R2D2")]
    public void A_name_is_written_in_any_script(string name) => ProfileText.NameProblem(name).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("---")]
    [InlineData("a\u0000b")]
    [InlineData("a\nb")]
    [InlineData("a\u202Eb")]
    public void A_name_without_letters_or_with_hidden_characters_is_refused(string name) => ProfileText.NameProblem(name).ShouldNotBeNull();

    [Fact]
    public void A_name_has_80_characters_as_a_person_counts()
    {
        ProfileText.NameProblem(string.Concat(Enumerable.Repeat("👩‍🚀", 79)) + "a").ShouldBeNull();
        ProfileText.NameProblem(new string('a', 81)).ShouldNotBeNull();
        ProfileText.NameProblem("a" + new string('\u0301', 2000)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("https://example.org/")]
    [InlineData("http://例え.jp/頁")]
    public void A_link_leads_to_the_web(string url) => ProfileText.LinkProblem(new Link("Home", url)).ShouldBeNull();

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("//example.org")]
    [InlineData("/local")]
    [InlineData("mailto:a@b.c")]
    [InlineData("https://bank.example@evil.example/")]
    [InlineData("https://a.example/\n")]
    [InlineData("")]
    public void A_link_leads_nowhere_else(string url) => ProfileText.LinkProblem(new Link("Home", url)).ShouldNotBeNull();
}
