using Blog.Recommendations.Ranking;
using Blog.Recommendations.Serving;
using Blog.Recommendations.Similarity;

namespace Blog.Recommendations.Tests;

public sealed class MeasureTests
{
    static readonly DateTime Now = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);
    static readonly Guid Author = Guid.CreateVersion7();

    static Reader Person(double daysAgo, params Guid[] others) =>
        new(1, Now.AddDays(-daysAgo), true, true, [.. others.Select((author, i) => new OtherArticle(i + 1, author, 1, 1))]);

    static Guid[] Authors(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];

    static double Popular(params Reader[] readers) => Audience.At(Audience.Of(Author, readers, readers.Length).Popular, Now, Audience.PopularHalfLife);

    [Fact]
    public void Who_reads_others_too_counts_for_more_than_a_fan_of_one()
    {
        var (fan, ordinary) = (Popular(Person(0)), Popular(Person(0, Authors(6))));
        ordinary.ShouldBeGreaterThan(7 * fan);
        Popular(Person(0, Author, Author, Author)).ShouldBeLessThan(fan);
    }

    [Fact]
    public void A_ring_counts_for_less_than_as_many_people_who_read_different_authors()
    {
        var ring = Authors(5);
        var inRing = Popular([.. Enumerable.Range(0, 20).Select(_ => Person(0, ring))]);
        var ordinary = Popular([.. Enumerable.Range(0, 20).Select(_ => Person(0, Authors(5)))]);
        ordinary.ShouldBeGreaterThan(2.5 * inRing);
    }

    [Fact]
    public void An_audience_halves_with_its_half_life_and_its_measure_need_not_be_touched()
    {
        var measured = Audience.Of(Author, [Person(0, Authors(4))], 1).Trend;
        var later = Audience.At(measured, Now + Audience.TrendHalfLife, Audience.TrendHalfLife);
        later.ShouldBe(Audience.At(measured, Now, Audience.TrendHalfLife) / 2, 1e-9);
        Audience.At(Audience.Of(Author, [], 0).Trend, Now, Audience.TrendHalfLife).ShouldBe(0);
    }

    [Fact]
    public void What_few_read_together_is_nearer_than_what_everyone_reads()
    {
        Reader Both(int i) => new(1, Now, true, true, [new OtherArticle(7, Guid.Empty, 1, 10), new OtherArticle(8, Guid.Empty, 1, 1_000)]);
        var coRead = Audience.Of(Author, [.. Enumerable.Range(0, 10).Select(Both)], 10).CoRead;
        coRead.Numbers.ShouldBe([7, 8]);
        coRead.Scores[0].ShouldBeGreaterThan(5 * coRead.Scores[1]);
    }

    [Fact]
    public void Words_are_folded_counted_and_cut_where_scripts_have_no_spaces()
    {
        var counts = Words.Count("Tides", "<h2>Tide</h2><p>The <b>TIDE</b> of the harbours.</p><pre>tide()</pre><p>潮汐时钟 ในท่าเรือ</p>");
        var tide = new Dictionary<int, float>();
        Words.Add(tide, "tide", 1);
        counts[tide.Keys.Single()].ShouldBe(6);
        var pairs = new Dictionary<int, float>();
        Words.Add(pairs, "潮汐时", 1);
        pairs.Count.ShouldBe(2);
        pairs.Keys.ShouldAllBe(pair => counts.ContainsKey(pair));
    }

    [Fact]
    public void Rare_words_weigh_most_and_weights_have_length_one()
    {
        var weights = Weights.Of([1, 2, 3], [1, 1, 5], term => term == 1 ? 2 : 150, 1_000);
        weights[0].Term.ShouldBe(1);
        weights.Sum(w => w.Weight * w.Weight).ShouldBe(1, 1e-5);
        Weights.Of([1], [1], _ => 900, 1_000).ShouldBeEmpty();
    }

    [Fact]
    public void Neighbours_keep_their_order_and_their_number()
    {
        var list = Neighbours.Of(Enumerable.Range(1, 30).Select(n => (n, n / 100f)));
        list.Numbers.Length.ShouldBe(Neighbours.Most);
        list.With(99, 0.5f).Numbers[0].ShouldBe(99);
        list.With(30, 0).Numbers.ShouldNotContain(30);
        ReferenceEquals(list.With(1, 0.01f).Numbers, list.Numbers).ShouldBeTrue();
    }

    [Fact]
    public void A_page_token_carries_what_was_shown()
    {
        int[] before = [5, 3, 70_000, 2, int.MaxValue, 0];
        var token = new ForYouToken(DateTimeOffset.FromUnixTimeSeconds(1_764_000_000), uint.MaxValue, before);
        var read = ForYouToken.Read(token.ToString())!;
        (read.Started, read.Seed).ShouldBe((token.Started, token.Seed));
        read.Before.ShouldBe(before);
        ForYouToken.Read("").ShouldBeNull();
        new ForYouToken(DateTimeOffset.UnixEpoch, 1, [.. Enumerable.Range(0, ForYouToken.Most).Select(i => i * 7_919 % 100_000)]).ToString().Length.ShouldBeLessThan(1_800);
    }

    [Fact]
    public void What_was_shown_counts_when_the_session_is_over()
    {
        var row = Impressions.ShownRow.Empty.With(1, [1, 2]).With(1, [2, 3]);
        row.Numbers.ShouldBeEmpty();
        var later = row.With(2, [9]).With(3, [1]);
        later.Numbers.Zip(later.Times).ShouldBe([(9, (short)1), (1, (short)1), (2, (short)1), (3, (short)1)], ignoreOrder: true);
        later.With(4, []).Times[Array.IndexOf(later.With(4, []).Numbers, 1)].ShouldBe((short)2);
    }

    [Fact]
    public void A_formula_is_the_default_with_other_weights_and_a_name_that_is_no_feature_is_refused()
    {
        var formula = Formula.From("newest", new Dictionary<string, double> { ["Fresh"] = 9 });
        formula.WeightOf(Feature.Fresh).ShouldBe(9);
        formula.WeightOf(Feature.CoRead).ShouldBe(Formula.Default.WeightOf(Feature.CoRead));
        Should.Throw<InvalidOperationException>(() => Formula.From("wrong", new Dictionary<string, double> { ["Nonsense"] = 1 })).Message.ShouldContain("Nonsense");
    }
}
