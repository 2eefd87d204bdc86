using Blog.Anchoring;

namespace Blog.Interactions.Highlights;

/// <summary>A public highlight as far as passages need it.</summary>
sealed record Marked(Guid Id, Guid PersonId, int StartAt, int EndAt, string Note);

/// <summary>Which passages most people marked.</summary>
static class Passages
{
    public const int Most = 30, MostShown = 3;

    /// <summary>
    /// Highlights that share at least half of the shorter one are one passage; it is drawn where most of them are. The passages that most people
    /// marked, in the order of the text.
    /// </summary>
    public static IReadOnlyList<(Marked Place, IReadOnlyList<Marked> Highlights)> Of(IEnumerable<Marked> highlights)
    {
        // The most frequent places first, and of those the longer.
        var places = highlights.GroupBy(h => (h.StartAt, h.EndAt)).OrderByDescending(g => People(g)).ThenByDescending(g => g.Key.EndAt - g.Key.StartAt).ThenBy(g => g.Key.StartAt);
        var passages = new List<(Marked Place, List<Marked> Highlights)>();
        foreach (var place in places)
        {
            var first = place.First();
            if (passages.Find(passage => IsSame(passage.Place, first)) is { Highlights: not null } known)
                known.Highlights.AddRange(place);
            else if (passages.Count < Most * 4)
                passages.Add((first, [.. place]));
        }
        return [.. passages.OrderByDescending(p => People(p.Highlights)).Take(Most).OrderBy(p => p.Place.StartAt).Select(p => (p.Place, (IReadOnlyList<Marked>)p.Highlights))];
    }

    public static int People(IEnumerable<Marked> highlights) => highlights.Select(h => h.PersonId).Distinct().Count();

    static bool IsSame(Marked one, Marked other)
    {
        var shared = Math.Min(one.EndAt, other.EndAt) - Math.Max(one.StartAt, other.StartAt);
        return shared * 2 >= Math.Min(one.EndAt - one.StartAt, other.EndAt - other.StartAt);
    }

    public static V1.Passage ToMessage((Marked Place, IReadOnlyList<Marked> Highlights) passage, string text)
    {
        var place = new Passage(ArticleText.ToUnits(text, passage.Place.StartAt), ArticleText.ToUnits(text, passage.Place.EndAt));
        var shown = passage.Highlights.OrderByDescending(h => h.Note.Length > 0).ThenByDescending(h => h.Id).DistinctBy(h => h.PersonId).Take(MostShown);
        return new V1.Passage
        {
            Selector = TextSelector.Of(text, place).ToMessage(),
            People = People(passage.Highlights),
            Highlights = { shown.Select(h => new V1.PublicHighlight { Id = h.Id.ToString(), PersonId = h.PersonId.ToString(), Note = h.Note }) },
        };
    }
}
