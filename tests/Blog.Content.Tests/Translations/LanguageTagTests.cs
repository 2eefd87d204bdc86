using Blog.Content.Translations;

namespace Blog.Content.Tests;

public sealed class LanguageTagTests
{
    [Theory]
    [InlineData("DE", "de")]
    [InlineData("pt-br", "pt-BR")]
    [InlineData("ZH-hant-tw", "zh-Hant-TW")]
    [InlineData("sr-LATN", "sr-Latn")]
    [InlineData("es-419", "es-419")]
    [InlineData("de-ch-1996", "de-CH-1996")]
    [InlineData("en-US-u-ca-GREGORY", "en-US-u-ca-gregory")]
    [InlineData("german klingon", "")]
    [InlineData("en_GB", "")]
    [InlineData("e", "")]
    [InlineData("-", "")]
    [InlineData("en-\nx", "")]
    [InlineData("", "")]
    public void A_tag_has_one_form_and_what_is_none_is_no_language(string written, string canonical) => LanguageTag.Canonical(written).ShouldBe(canonical);
}
