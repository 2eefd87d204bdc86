using Blog.Content.Text;
using Blog.ServiceDefaults.Text;

namespace Blog.Content.Tests;

public sealed class WordAndSlugTests
{
    [Theory]
    [InlineData("", 0, 1)]
    [InlineData("One two, three.", 3, 1)]
    [InlineData("It's a well-known 3.14 fact", 5, 1)]
    [InlineData("我们喜欢写作", 6, 1)]
    [InlineData("ひらがなとカタカナ", 9, 1)]
    [InlineData("Rust 语言 is 快", 5, 1)]
    [InlineData("한국어 문장 입니다", 3, 1)]
    [InlineData("नमस्ते दुनिया", 2, 1)]
    [InlineData("สวัสดี", 4, 1)]
    public void Words_are_counted_as_people_count_them(string text, int total, int minutes)
    {
        WordCount.Of(text).Total.ShouldBe(total);
        WordCount.Of(text).ReadingMinutes.ShouldBe(minutes);
    }

    [Fact]
    public void Reading_time_follows_words_and_characters()
    {
        WordCount.Of(string.Concat(Enumerable.Repeat("word ", 2380))).ReadingMinutes.ShouldBe(10);
        WordCount.Of(new string('字', 4000)).ReadingMinutes.ShouldBe(10);
    }

    [Theory]
    [InlineData("The harbour clock is always wrong", "the-harbour-clock-is-always-wrong")]
    [InlineData("  What's new in Rust 1.88?  ", "whats-new-in-rust-1-88")]
    [InlineData("Größe, Maß & Gewicht", "grosse-mass-and-gewicht")]
    [InlineData("Łódź i Ørsted", "lodz-i-orsted")]
    [InlineData("Việt Nam", "viet-nam")]
    [InlineData("什么是 Rust？", "什么是-rust")]
    [InlineData("Что нового", "что-нового")]
    [InlineData("हिन्दी में लिखना", "हिन्दी-में-लिखना")]
    [InlineData("C++/CLI — a *guide*", "c-cli-a-guide")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("???", "")]
    [InlineData("🚀", "")]
    public void A_slug_says_the_title_in_its_own_script(string title, string slug)
    {
        Slug.From(title).ShouldBe(slug);
        Slug.From(slug).ShouldBe(slug);
    }

    [Fact]
    public void A_long_slug_ends_with_a_whole_word()
    {
        var slug = Slug.From(string.Concat(Enumerable.Repeat("several words ", 20)));
        slug.Length.ShouldBeInRange(60, Slug.MaxLength);
        slug.Split('-').ShouldAllBe(word => word == "several" || word == "words");
        Slug.From(new string('a', 300)).Length.ShouldBe(Slug.MaxLength);
    }

    [Fact]
    public void Any_text_gives_a_slug_that_is_stable()
    {
        var random = new Random(4);
        for (var round = 0; round < 5000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => char.ConvertFromUtf32(random.Next(5) == 0 ? random.Next(0x10000, 0x10FFFF) : random.Next(1, 0xD7FF))));
            var slug = Slug.From(text);
            slug.Length.ShouldBeLessThanOrEqualTo(Slug.MaxLength);
            Slug.From(slug).ShouldBe(slug, text);
            slug.IndexOfAny(['/', '.', '?', '#', '%', ' ', '\\', '\0', '"', '<']).ShouldBe(-1);
        }
    }

    [Theory]
    [InlineData("größe", "größe")]
    [InlineData("My own/Address!", "my-own-address")]
    [InlineData("../etc", "etc")]
    public void A_chosen_slug_keeps_its_letters(string chosen, string slug)
    {
        Slug.Chosen(chosen).ShouldBe(slug);
        Slug.Chosen(new string('a', 150)).Length.ShouldBe(150);
        Slug.Chosen(new string('a', 400)).Length.ShouldBe(Slug.MaxLength);
    }

    [Theory]
    [InlineData("C++", "cpp")]
    [InlineData("C#", "c-sharp")]
    [InlineData("Node.js", "node-js")]
    [InlineData(".NET", "net")]
    public void Topics_that_differ_in_signs_differ_in_slug(string topic, string slug) => Slug.FromTopic(topic).ShouldBe(slug);
}
