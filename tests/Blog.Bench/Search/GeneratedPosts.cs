using Blog.Search.Engines;

namespace Blog.Bench.Search;

/// <summary>
/// As many posts as are wanted, made of the paragraphs of the real ones: titles are real ones, or halves of two; texts are a few paragraphs in a row of several posts; authors and topics are as uneven
/// as people are. The same seed gives the same posts.
/// </summary>
sealed class GeneratedPosts
{
    public const int Seed = 20_261_122;
    const int Authors = 5_000, Topics = 300;

    readonly string[] titles;
    readonly string[][] paragraphs;

    public GeneratedPosts(IReadOnlyList<RealPost> posts)
    {
        titles = [.. posts.Select(post => post.Document.Title)];
        paragraphs = [.. posts.Select(post => post.Document.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(paragraph => paragraph.Length > 80).ToArray())
            .Where(post => post.Length > 0)];
    }

    public ArticleDocument Post(int number)
    {
        var random = new Random(Seed + number);
        var author = Skewed(Authors);
        var body = string.Join('\n', Enumerable.Range(0, random.Next(1, 4)).SelectMany(_ =>
        {
            var post = paragraphs[random.Next(paragraphs.Length)];
            var from = random.Next(post.Length);
            return post[from..Math.Min(post.Length, from + random.Next(2, 7))];
        }));
        return new(Id(number).ToString(), 1)
        {
            AuthorId = Id(-1 - author), AuthorName = $"Author {author}", AuthorHandle = $"author{author}", Title = Title(), Description = random.Next(3) == 0 ? Title() : "", Body = body,
            Topics = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Skewed(Topics)).Distinct().Select(topic => new TopicName($"topic-{topic}", $"Topic {topic}"))],
            Language = "en", PublishTime = DateTimeOffset.UnixEpoch.AddDays(16_500).AddMinutes(random.Next(5_700_000)), Claps = random.Next(4) == 0 ? Skewed(3_000) : 0, Responses = random.Next(8) == 0 ? Skewed(50) : 0,
        };

        string Title()
        {
            var (one, other) = (titles[random.Next(titles.Length)].Split(' '), titles[random.Next(titles.Length)].Split(' '));
            return string.Join(' ', random.Next(4) == 0 ? one : [.. one[..((one.Length + 1) / 2)], .. other[(other.Length / 2)..]]);
        }

        int Skewed(int count) => (int)(count * Math.Pow(random.NextDouble(), 3));
    }

    /// <summary>What somebody may look for: words of a title or of a text, some with a slip, a phrase or a filter.</summary>
    public string Query(Random random)
    {
        var post = paragraphs[random.Next(paragraphs.Length)];
        var source = random.Next(3) > 0 ? titles[random.Next(titles.Length)] : post[random.Next(post.Length)];
        var words = source.Split([' ', ',', '(', ')', '`', '"', ';'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 2 && char.IsAsciiLetterOrDigit(word[0])).ToArray();
        if (words.Length == 0)
            return "rust";
        var from = random.Next(words.Length);
        var query = words[from..Math.Min(words.Length, from + random.Next(1, 5))];
        if (random.Next(12) == 0 && query[0].Length > 5)
            query[0] = query[0].Remove(random.Next(1, query[0].Length), 1);
        return random.Next(20) switch
        {
            0 => $"\"{string.Join(' ', query)}\"",
            1 => $"{string.Join(' ', query)} topic:topic-{random.Next(Topics)}",
            2 => $"{string.Join(' ', query)} after:2022",
            3 => $"{string.Join(' ', query)} -cargo",
            _ => string.Join(' ', query),
        };
    }

    /// <summary>What somebody has typed so far.</summary>
    public string Prefix(Random random)
    {
        var title = titles[random.Next(titles.Length)];
        return title[..Math.Min(title.Length, random.Next(2, 14))];
    }

    static Guid Id(int number) => new(number, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]);
}
