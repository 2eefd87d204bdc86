using System.Text;
using Blog.Content.Articles;
using Blog.Content.Revisions;
using Blog.Testing;

namespace Blog.Content.Tests.Revisions;

/// <summary>The rules of the history, without a database.</summary>
public sealed class RuleTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    static readonly Guid Ines = Guid.CreateVersion7(), Jun = Guid.CreateVersion7();

    static Article Draft(string markdown = "Text.") => Article.Draft(Ines, ArticleContent.Read(new() { Title = "T", Markdown = markdown }).Content, Noon);

    [Fact]
    public void Another_person_who_goes_on_keeps_what_the_first_one_wrote() =>
        KeepingRule.Before(Draft(), Jun, Noon.AddSeconds(5)).ShouldBe(RevisionReason.AuthorChanged);

    [Fact]
    public void A_working_copy_that_was_kept_is_not_kept_again()
    {
        var article = Draft();
        article.Kept(Noon);
        KeepingRule.Before(article, Jun, Noon.AddDays(1)).ShouldBeNull();
    }

    [Fact]
    public void An_empty_draft_is_not_worth_keeping() =>
        KeepingRule.Before(Article.Draft(Ines, ArticleContent.Read(null).Content, Noon), Ines, Noon.AddDays(1)).ShouldBeNull();

    [Fact]
    public void In_the_first_hour_everything_stays() =>
        ThinningRule.Excess(Enumerable.Range(0, 59).Select(minute => Noon.AddMinutes(-minute)), Noon).ShouldBeEmpty();

    [Fact]
    public void Of_each_hour_day_and_week_the_last_stays()
    {
        var times = Enumerable.Range(0, 24 * 100).Select(hours => Noon.AddMinutes(-30 * hours)).ToList();
        for (var day = 0; day < 100; day++)
        {
            var now = Noon.AddDays(day);
            times.RemoveAll(ThinningRule.Excess(times, now).ToHashSet().Contains);
            ThinningRule.Excess(times, now).ShouldBeEmpty("thinning twice is thinning once");
        }
        times.Count.ShouldBeInRange(7, 9, "fifty days, a week each");
        times.ShouldContain(Noon, "the last of all is the last of its week");
        ThinningRule.NextLook(times, Noon.AddDays(100)).ShouldBeNull();
    }

    [Fact]
    public void The_next_look_is_when_the_next_one_grows_too_old() =>
        ThinningRule.NextLook([Noon.AddHours(-2), Noon.AddMinutes(-20)], Noon).ShouldBe(Noon.AddMinutes(40));

    [Theory]
    [InlineData(0, 0), InlineData(0, 500), InlineData(500, 0), InlineData(20_000, 20_000), InlineData(300_000, 280_000)]
    public void A_text_comes_back_from_its_frame_and_the_text_before(int length, int lengthBefore)
    {
        var (text, before) = (Encoding.UTF8.GetBytes(length == 0 ? "" : new Prose(1).Text(length)), Encoding.UTF8.GetBytes(new Prose(2).Text(lengthBefore)));
        RevisionFrame.Decode(RevisionFrame.Encode(text, null), null).ShouldBe(text);
        RevisionFrame.Decode(RevisionFrame.Encode(text, before), before).ShouldBe(text);
    }

    [Fact]
    public void A_changed_word_costs_some_bytes_however_long_the_text_is()
    {
        var before = new Prose(3).Text(3_000_000);
        var after = before.Insert(1_500_000, " changed ");
        RevisionFrame.Encode(Encoding.UTF8.GetBytes(after), Encoding.UTF8.GetBytes(before)).Length.ShouldBeLessThan(1000);
    }
}
