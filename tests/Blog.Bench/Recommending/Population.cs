namespace Blog.Bench.Recommending;

/// <param name="Author">Index of the person who writes.</param>
/// <param name="Theme">What it is about: finer than its topics, which is all that is written on it.</param>
/// <param name="Topics">Indices.</param>
/// <param name="Day">When it was published.</param>
/// <param name="Appeal">How good it is, to whoever cares for its theme; median 1.</param>
sealed record Written(int Author, int Theme, int[] Topics, double Day, double Appeal);

/// <param name="Person">Index.</param>
/// <param name="Article">Index.</param>
/// <param name="Day">When.</param>
/// <param name="Finished">Read to the end.</param>
/// <param name="Claps">0: none.</param>
sealed record Reading(int Person, int Article, double Day, bool Finished, int Claps);

/// <summary>
/// People with known interests, articles on them, and what was read of them, day by day. Assumptions, and what they are for, are in docs/recommendations.md. People find articles
/// without us: on a page of the newest, on one of the most read of these two weeks, from authors and topics they follow, and by search and links. Seeded: the same every time.
/// </summary>
sealed class Population
{
    public const int People = 1_500, Authors = 300, Articles = 4_000, Topics = 24, ThemesOfTopic = 5, Themes = Topics * ThemesOfTopic;
    public const double Days = 120, TestDays = 14;
    const double Newest = 0.35, MostRead = 0.2, Followed = 0.25, Noise = 0.08;

    readonly Random random = new(20_261_122);

    /// <summary>How much each person cares for each theme, 0 to 1; how many each reads a day; whom and what each follows.</summary>
    public double[][] Interests { get; }
    public double[] Pace { get; }
    public HashSet<int>[] FollowedAuthors { get; }
    public HashSet<int>[] FollowedTopics { get; }

    public Written[] Library { get; }
    public List<Reading> Readings { get; } = [];

    public Population()
    {
        var authorThemes = Enumerable.Range(0, Authors).Select(_ => Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Theme()).ToArray()).ToArray();
        Library = [.. Enumerable.Range(0, Articles).Select(_ =>
        {
            var author = (int)(Authors * Math.Pow(random.NextDouble(), 1.7));
            var theme = authorThemes[author][random.Next(authorThemes[author].Length)];
            int[] topics = random.NextDouble() < 0.3 ? [theme / ThemesOfTopic, random.Next(Topics)] : [theme / ThemesOfTopic];
            return new Written(author, theme, [.. topics.Distinct()], random.NextDouble() * Days, Math.Exp(0.8 * Normal()));
        }).OrderBy(article => article.Day)];

        Interests = [.. Enumerable.Range(0, People).Select(_ =>
        {
            var interests = new double[Themes];
            foreach (var theme in Enumerable.Range(0, 2 + random.Next(4)).Select(_ => Theme()))
                interests[theme] = 0.3 + 0.7 * random.NextDouble();
            return interests;
        })];
        Pace = [.. Enumerable.Range(0, People).Select(_ => 0.35 * Math.Exp(0.8 * Normal()))];
        FollowedAuthors = [.. Interests.Select(interests => Enumerable.Range(0, Authors).Where(author => random.NextDouble() < 0.15 * authorThemes[author].Max(theme => interests[theme])).Take(12).ToHashSet())];
        FollowedTopics = [.. Interests.Select(interests => Enumerable.Range(0, Themes).Where(theme => interests[theme] > 0 && random.NextDouble() < 0.4).Select(theme => theme / ThemesOfTopic).ToHashSet())];
        Replay();
    }

    /// <summary>Some themes have more writers and readers than others.</summary>
    int Theme() => (int)(Themes * Math.Pow(random.NextDouble(), 1.4));

    double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    void Replay()
    {
        var read = Enumerable.Range(0, People).Select(_ => new HashSet<int>()).ToArray();
        var joined = Enumerable.Range(0, People).Select(_ => random.NextDouble() * Days * 0.7).ToArray();
        var byTheme = Library.Select((article, index) => (article.Theme, index)).ToLookup(a => a.Theme, a => a.index);
        var byAuthor = Library.Select((article, index) => (article.Author, index)).ToLookup(a => a.Author, a => a.index);
        var byTopic = Library.SelectMany((article, index) => article.Topics.Select(topic => (topic, index))).ToLookup(a => a.topic, a => a.index);
        for (var day = 0; day < Days; day++)
        {
            var newest = Indices(day - 3, day + 1);
            int[] mostRead = [.. Readings.Where(r => r.Day > day - 14).CountBy(r => r.Article).OrderByDescending(c => c.Value).Take(40).Select(c => c.Key)];
            for (var person = 0; person < People; person++)
            {
                if (joined[person] > day)
                    continue;
                // What is left of the day's wish to read is the chance of one more.
                for (var wish = Pace[person]; random.NextDouble() < wish; wish--)
                    for (var looked = 0; looked < 12; looked++)
                        if (Look(person, day, newest, mostRead) is { } article && Library[article].Day <= day && !read[person].Contains(article) && Takes(person, Library[article]))
                        {
                            read[person].Add(article);
                            var finished = random.NextDouble() < 0.4 + 0.4 * Interests[person][Library[article].Theme];
                            Readings.Add(new(person, article, day + random.NextDouble(), finished, finished && random.NextDouble() < 0.25 ? 1 + random.Next(20) : 0));
                            break;
                        }
            }
        }

        int? Look(int person, double day, int[] newest, int[] mostRead) => random.NextDouble() switch
        {
            < Newest => Any(newest),
            < Newest + MostRead => Any(mostRead),
            < Newest + MostRead + Followed when FollowedAuthors[person].Count + FollowedTopics[person].Count > 0 =>
                // The latest ten of one that is followed.
                Any([.. (random.Next(FollowedAuthors[person].Count + FollowedTopics[person].Count) is var one && one < FollowedAuthors[person].Count
                    ? byAuthor[FollowedAuthors[person].ElementAt(one)] : byTopic[FollowedTopics[person].ElementAt(one - FollowedAuthors[person].Count)]).Where(a => Library[a].Day <= day).TakeLast(10)]),
            // Search and links lead to what one cares for, old and new.
            _ => Any([.. byTheme[Wished(person)].Where(a => Library[a].Day <= day)]),
        };
    }

    int Wished(int person)
    {
        var left = random.NextDouble() * Interests[person].Sum();
        for (var theme = 0; theme < Themes; theme++)
            if ((left -= Interests[person][theme]) <= 0 && Interests[person][theme] > 0)
                return theme;
        return random.Next(Themes);
    }

    bool Takes(int person, Written article) =>
        random.NextDouble() < Noise * Math.Min(1, article.Appeal / 2) || random.NextDouble() < Interests[person][article.Theme] * article.Appeal / (article.Appeal + 1.5);

    int? Any(int[] some) => some.Length == 0 ? null : some[random.Next(some.Length)];

    int[] Indices(double from, double to) => [.. Enumerable.Range(0, Articles).Where(i => Library[i].Day >= from && Library[i].Day < to)];

    /// <summary>The words of an article: half of a vocabulary of its theme, half of everybody's, the frequent ones more often.</summary>
    public Dictionary<int, float> WordsOf(int article)
    {
        var words = new Random(article);
        var counts = new Dictionary<int, float>();
        for (var i = 0; i < 160; i++)
        {
            var rank = Math.Pow(words.NextDouble(), 2);
            var word = i % 2 == 0 ? (int)(rank * 3_000) : 10_000 + Library[article].Theme * 200 + (int)(rank * 120);
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }
        return counts;
    }
}
