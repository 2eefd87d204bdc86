using Blog.Search.Queries;
using Blog.Search.Words;
using Npgsql;

namespace Blog.Search.Engines.PostgreSql;

sealed partial class PostgreSqlEngine
{
    /// <summary>Candidates that are ranked with their titles at a time.</summary>
    public const int Block = 120;

    /// <summary>Candidates whose fit is computed; of more, the key decides, or the standing.</summary>
    const int MostByWords = 600, MostByKey = 600;

    /// <summary>Where so many articles may have the words, the key of too many will have them.</summary>
    const int FarTooMany = 40 * MostByKey;

    /// <summary>Articles that a walk looks at; the words of an article take longer to read than its key.</summary>
    const int MostStepsByKey = 2_000, MostStepsByWords = 1_000;

    /// <summary>Candidates whose topics and languages are counted.</summary>
    const int MostCounted = 300;

    /// <summary>With fewer whose key has the words, all that have them are looked at.</summary>
    const int FewestByKey = 100;

    /// <summary>Where fewer have all of the words, those that have most of them, or words that are spelt alike, are looked for too.</summary>
    const int Few = 10;

    /// <summary>How much better the best article of another spelling fits when that is worth a question, and one with most of the words when it comes before those with all.</summary>
    const double MuchBetter = 1.3;

    /// <summary>Fitting less than this part of what the words could count, the best article has them somewhere, but is not about them.</summary>
    const double Poor = 0.4;

    public Task<ArticlePage> SearchArticlesAsync(ArticleSearch search, CancellationToken cancel) => GuardAsync(async () =>
    {
        if (search.Cursor is { } given)
        {
            var cursor = Cursor.Read(given);
            var query = cursor.Words.Length > 0 ? Reworded(search.Query, cursor.Words) : search.Query;
            var again = await QueryWords.AnalyseAsync(query, stems, vocabulary, cancel);
            return await ShowAsync(await PageAsync(search, again, cursor, cancel), cancel);
        }

        var words = await QueryWords.AnalyseAsync(search.Query, stems, vocabulary, cancel);
        var page = await FirstPageAsync(search, words, "", "", cancel);
        if (!words.HasWords || page.Total >= Few && page.Best >= Poor * words.Ranked.Sum(word => word.Rarity))
            return await ShowAsync(page, cancel);
        var mostKeys = words.AllButOne(key: true);
        if (page.Total >= Few)
            return await ShowAsync(mostKeys is not null && await FirstPageAsync(search, words, "", mostKeys, Mode.Key, cancel) is var about && about.Best > MuchBetter * page.Best ? about : page, cancel);

        // The spelling whose best article fits best is the one that was meant.
        var (meant, spelling) = ((Found?)null, "");
        foreach (var correction in await CorrectionsAsync(search.Query, words, cancel))
        {
            var corrected = await QueryWords.AnalyseAsync(correction, stems, vocabulary, cancel);
            var answer = await FirstPageAsync(search, corrected, correction.ToText(), "", cancel);
            if (answer.Best > (meant?.Best ?? 0))
                (meant, spelling) = (answer, correction.ToText());
        }
        if (page.Total == 0 && meant is not null)
            return await ShowAsync(meant, cancel) with { DidYouMean = spelling, Similar = true };
        var didYouMean = meant?.Best > MuchBetter * page.Best ? spelling : "";

        if (words.AllButOne(key: false) is { } most && await FirstPageAsync(search, words, "", most, cancel) is { } nearly && nearly.Total > page.Total)
            return await ShowAsync(nearly, cancel) with { DidYouMean = didYouMean, Similar = page.Total == 0 };
        if (page.Total == 0 && words.AnyOfTwo() is { } any)
            return await ShowAsync(await FirstPageAsync(search, words, "", any, cancel), cancel) with { Similar = true };
        return await ShowAsync(page, cancel) with { DidYouMean = didYouMean };
    });

    // What was typed beside the words still holds.
    static ParsedQuery Reworded(ParsedQuery query, string words) => query with { Parts = QueryParser.Parse(words).Parts };

    /// <summary>A page before its articles are read.</summary>
    /// <param name="Words">What was looked for.</param>
    /// <param name="Counted">How many candidates there were.</param>
    /// <param name="Total">How many articles have the words, about.</param>
    sealed record Found(QueryWords Words, List<Candidate> Articles, string? Next, int Counted, int Total, IReadOnlyList<FacetCount> Topics, IReadOnlyList<FacetCount> Languages)
    {
        /// <summary>The score of its first article.</summary>
        public double Best => Articles.Count > 0 ? Articles[0].Score : 0;
    }

    async Task<ArticlePage> ShowAsync(Found page, CancellationToken cancel) =>
        new(await ShowAsync(page.Articles, page.Words, cancel), page.Next, page.Total, "", false, page.Topics, page.Languages);

    Task<Found> FirstPageAsync(ArticleSearch search, QueryWords words, string reworded, string expression, CancellationToken cancel) =>
        FirstPageAsync(search, words, reworded, expression, Mode.Words, cancel);

    async Task<Found> FirstPageAsync(ArticleSearch search, QueryWords words, string reworded, string expression, Mode mode, CancellationToken cancel)
    {
        var cursor = new Cursor(mode, search.Now, reworded, expression, [.. words.Ranked.Select(word => (float)word.Rarity)], Cursor.Top, Cursor.Top);
        if (search.Sort != ArticleSort.Relevance)
        {
            // Each of many would be read in order to be sorted: then the order of time is walked.
            return await PageAsync(search, words, cursor with { Mode = words.AtMost > MostByWords ? Mode.TimeWalk : Mode.Time }, cancel);
        }
        if (!words.HasWords)
            return await PageAsync(search, words, cursor with { Mode = words.AtMost > MostByWords ? Mode.Standing : Mode.Words }, cancel);
        if (expression.Length > 0 || words.AtMost <= MostByWords || !words.KeyIsExact)
            return await PageAsync(search, words, cursor, cancel);
        var standing = cursor with { Mode = Mode.Standing };
        // Articles with a word in the title come before others; with enough of them the others need not be looked at.
        if (words.MostTitled >= FewestByKey && (words.MostTitled <= MostByKey || words.Words.Count > 1))
        {
            var titled = await PageAsync(search, words, cursor with { Mode = Mode.Titles }, cancel);
            if (titled.Counted >= FewestByKey)
                return titled.Counted < MostByKey ? titled : await PageAsync(search, words, standing, cancel);
        }
        if (words.AtMost > FarTooMany)
            return await PageAsync(search, words, standing, cancel);
        var page = await PageAsync(search, words, cursor with { Mode = Mode.Key }, cancel);
        return page.Counted >= MostByKey ? await PageAsync(search, words, standing, cancel)
            : page.Counted < FewestByKey ? await PageAsync(search, words, cursor, cancel)
            : page;
    }

    sealed record Candidate(Guid Id, double Score, string Title);

    async Task<Found> PageAsync(ArticleSearch search, QueryWords words, Cursor cursor, CancellationToken cancel)
    {
        var isFirst = search.Cursor is null;
        var found = new List<Candidate>(search.Size + 1);
        var (total, topics, languages) = (0, (IReadOnlyList<FacetCount>)[], (IReadOnlyList<FacetCount>)[]);
        string? next = null;
        for (var at = cursor; ;)
        {
            var block = await BlockAsync(search, words, at, withFacets: isFirst && at == cursor, cancel);
            if (at == cursor)
                (total, topics, languages) = (block.Total, block.Topics, block.Languages);
            var ranked = at.Mode is Mode.Time or Mode.TimeWalk ? block.Candidates : Ranked(block.Candidates, words, at.Place == Cursor.Top ? search.Size + 1 - found.Count : int.MaxValue);
            foreach (var candidate in ranked)
            {
                if (!IsBelow(candidate, at.Place, idsAscend: at.Mode == Mode.TimeWalk && search.Sort == ArticleSort.Oldest))
                    continue;
                if (found.Count == search.Size)
                {
                    next = (at with { Place = (found[^1].Score, found[^1].Id) }).ToString();
                    break;
                }
                found.Add(candidate);
            }
            if (next is not null)
                break;
            if (block.Candidates.Count < Block)
            {
                if (at.Mode != Mode.Titles)
                    break;
                at = at with { Mode = Mode.BeyondTitles, Floor = Cursor.Top, Place = Cursor.Top };
                continue;
            }
            var last = block.Candidates[^1];
            at = at with { Floor = (at.Mode == Mode.Standing ? block.LastStanding : last.Score, last.Id), Place = Cursor.Top };
            if (found.Count == search.Size)
            {
                next = at.ToString();
                break;
            }
        }
        // More than were looked at: an estimate.
        var about = total >= MostByWords || LooksAtKeys(cursor.Mode) || cursor.Mode == Mode.TimeWalk ? words.About(Math.Max(total, found.Count)) : total;
        return new(words, found, next, total, Math.Min(about, ArticlePage.MaxTotal), topics, languages);

        static bool IsBelow(Candidate candidate, (double Score, Guid Id) place, bool idsAscend) =>
            candidate.Score < place.Score || candidate.Score == place.Score && (idsAscend ? candidate.Id.CompareTo(place.Id) > 0 : candidate.Id.CompareTo(place.Id) < 0);
    }

    /// <summary>Candidates by their final score: so many of the best at least, and the others only as far as they might be among these.</summary>
    static List<Candidate> Ranked(IReadOnlyList<Candidate> candidates, QueryWords words, int atLeast)
    {
        var ranked = new List<Candidate>(candidates.Count);
        var best = new PriorityQueue<double, double>();
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Score))
        {
            if (best.Count == atLeast && candidate.Score * Scoring.MostOfTitle < best.Peek())
                break;
            var final = candidate with { Score = Scoring.Final(candidate.Score, candidate.Title, words.Words) };
            ranked.Add(final);
            best.Enqueue(final.Score, final.Score);
            if (best.Count > atLeast)
                best.Dequeue();
        }
        ranked.Sort((one, other) => (other.Score, other.Id).CompareTo((one.Score, one.Id)));
        return ranked;
    }

    sealed record CandidateBlock(IReadOnlyList<Candidate> Candidates, double LastStanding, int Total, IReadOnlyList<FacetCount> Topics, IReadOnlyList<FacetCount> Languages);

    /// <summary>The next candidates below the floor, by their score before the title is looked at (or by time).</summary>
    async Task<CandidateBlock> BlockAsync(ArticleSearch search, QueryWords words, Cursor cursor, bool withFacets, CancellationToken cancel)
    {
        var parameters = new List<object>();
        var where = Where(search, words, cursor, parameters);
        var walks = cursor.Mode is Mode.Standing or Mode.TimeWalk;
        var oldest = search.Sort == ArticleSort.Oldest;
        var ranked = words.Ranked.Select((word, i) => (Words: $"(select {Parameter(QueryWords.AnyForm(word))}::text::tsquery)", Rarity: Parameter((double)(i < cursor.Rarities.Count ? cursor.Rarities[i] : 0)))).ToList();
        var fit = Scoring.Fit(ranked);
        var score = cursor.Mode is Mode.Time or Mode.TimeWalk
            ? $"({(oldest ? "-" : "")}extract(epoch from a.publish_time))::float8"
            : $"(({fit}) * {Scoring.Boost(Parameter(cursor.Now.UtcDateTime))})::float8";
        var (floorScore, floorId) = (Parameter(cursor.Floor.Score), Parameter(cursor.Floor.Id));

        if (!walks)
            // The key stays out of what is kept for a moment: it is large.
            return await ReadAsync(finding, $"""
                with found as materialized (
                    select a.id, {score} as score, a.title, a.topics, a.language from {ServingSchema}.articles a where {where} limit {(LooksAtKeys(cursor.Mode) ? MostByKey : MostByWords)})
                (select 0::smallint, a.id, a.score, a.title, 0::float8, (select count(*) from found) from found a
                    where (a.score, a.id) < ({floorScore}, {floorId}) order by a.score desc, a.id desc limit {Block})
                """);

        // In the order of an index; the floor is a place in that order.
        var (column, order, below) = cursor.Mode == Mode.Standing ? ("a.standing", "desc", "<") : oldest ? ("a.publish_time", "asc", ">") : ("a.publish_time", "desc", "<");
        var floor = cursor.Floor == Cursor.Top ? "true"
            : cursor.Mode == Mode.Standing ? $"(a.standing, a.id) < ({floorScore}, {floorId})"
            : $"({column}, a.id) {below} (to_timestamp({(oldest ? "-" : "")}{floorScore}), {floorId})";
        var inOrder = $"order by {column} {order}, a.id {order} limit";
        // Where many articles fit, a few steps of a walk meet enough of them. Where they do not, the index of words knows the few that fit, and these are put in order.
        var steps = cursor.Mode == Mode.Standing ? MostStepsByKey : MostStepsByWords;
        if (words.AtMost * steps >= Block * words.Articles
            && await ReadAsync(walking, Walk($"(select * from {ServingSchema}.articles a where {floor} {inOrder} {steps})", where)) is { Candidates.Count: Block } near)
            return near;
        return await ReadAsync(finding, Walk($"{ServingSchema}.articles", $"{where} and {floor}"));

        string Walk(string articles, string fits) => $"""
            with found as materialized (select a.* from {articles} a where {fits} {inOrder} {Block})
            select 0::smallint, a.id, {score} as score, a.title, {(cursor.Mode == Mode.Standing ? "a.standing" : "0::float8")}, 0::bigint from found a
            """;

        Task<CandidateBlock> ReadAsync(NpgsqlDataSource source, string sql) => ReadBlockAsync(source, withFacets ? sql + Facets : sql, parameters, cancel);

        string Parameter(object value)
        {
            parameters.Add(value);
            return $"${parameters.Count}";
        }
    }

    /// <summary>Topics and languages of what was found, after the candidates.</summary>
    static readonly string Facets = $"""

        union all (select 1::smallint, null, 0, topic, 0, count(*) from (select topics from found limit {MostCounted}) a, unnest(a.topics) topic group by topic order by count(*) desc, topic limit 10)
        union all (select 2::smallint, null, 0, a.language, 0, count(*) from (select language from found limit {MostCounted}) a where a.language <> '' group by a.language order by count(*) desc, a.language limit 10)
        """;

    static async Task<CandidateBlock> ReadBlockAsync(NpgsqlDataSource source, string sql, List<object> parameters, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var command = connection.Command(sql, [.. parameters]);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var (candidates, topics, languages, total) = (new List<Candidate>(Block), new List<FacetCount>(), new List<FacetCount>(), 0);
        var lastStanding = 0.0;
        while (await rows.ReadAsync(cancel))
            switch (rows.GetInt16(0))
            {
                case 0:
                    candidates.Add(new(rows.GetGuid(1), rows.GetDouble(2), rows.GetString(3)));
                    lastStanding = rows.GetDouble(4);
                    total = (int)rows.GetInt64(5);
                    break;
                case 1:
                    topics.Add(new(rows.GetString(3), (int)rows.GetInt64(5)));
                    break;
                default:
                    languages.Add(new(rows.GetString(3), (int)rows.GetInt64(5)));
                    break;
            }
        return new(candidates, lastStanding, total, topics, languages);
    }

    static bool LooksAtKeys(Mode mode) => mode is Mode.Key or Mode.Standing or Mode.Titles or Mode.BeyondTitles;

    static string Where(ArticleSearch search, QueryWords words, Cursor cursor, List<object> parameters)
    {
        var conditions = new List<string>();
        var fits = cursor.Expression.Length > 0 ? cursor.Expression
            : cursor.Mode is Mode.Titles or Mode.BeyondTitles ? words.AllInKey(titled: cursor.Mode == Mode.Titles) : words.All(LooksAtKeys(cursor.Mode));
        // A query within a query is read once, not once for each article (PostgreSQL does not fold a parameter of a prepared statement).
        if (fits is not null)
            conditions.Add($"a.{(LooksAtKeys(cursor.Mode) ? "key" : "words")} @@ (select {Parameter(fits)}::text::tsquery)");
        if (search.Query.After is { } after)
            conditions.Add($"a.publish_time >= {Parameter(after.UtcDateTime)}");
        if (search.Query.Before is { } before)
            conditions.Add($"a.publish_time < {Parameter(before.UtcDateTime)}");
        if (search.Hidden.Count > 0)
            conditions.Add($"a.author_id <> all({Parameter(search.Hidden.ToArray())})");
        return conditions.Count > 0 ? string.Join(" and ", conditions) : "true";

        string Parameter(object value)
        {
            parameters.Add(value);
            return $"${parameters.Count}";
        }
    }

    /// <summary>What readers see of the articles of a page.</summary>
    async Task<IReadOnlyList<FoundArticle>> ShowAsync(List<Candidate> page, QueryWords words, CancellationToken cancel)
    {
        if (page.Count == 0)
            return [];
        var beginnings = words.Beginnings;
        var texts = await TextsAsync(page, withRest: false, cancel);
        // Most passages are at the beginning; the rest of a text is read only where it must be.
        var enough = words.Words.Count(word => !word.IsOptional);
        var passages = texts.ToDictionary(text => text.Key, text => Passage(text.Value));
        var unfound = page.FindAll(candidate => texts.TryGetValue(candidate.Id, out var text) && !text.MembersOnly && passages[candidate.Id].Different < Math.Min(enough, 2));
        if (unfound.Count > 0 && enough > 0)
            foreach (var (id, whole) in await TextsAsync(unfound, withRest: true, cancel))
                if (Passage(whole) is var better && better.Different > passages[id].Different)
                    passages[id] = better;
        return [.. page.Where(candidate => texts.ContainsKey(candidate.Id)).Select(candidate =>
            new FoundArticle(candidate.Id, texts[candidate.Id].AuthorId, Passages.Mark(texts[candidate.Id].Title, IsFound), passages[candidate.Id].Pieces))];

        bool IsFound(string form) => words.IsFound(form);

        (IReadOnlyList<TextPiece> Pieces, int Different) Passage(ArticleText text)
        {
            var inText = text.MembersOnly ? null : Passages.Best(Passages.Around(text.Body, beginnings), IsFound, out var different) is { } pieces ? (pieces, different) : ((IReadOnlyList<TextPiece> Pieces, int Different)?)null;
            var inDescription = Passages.Best(text.Description, IsFound, out var ofDescription);
            if (inDescription is not null && ofDescription >= (inText?.Different ?? 0))
                return (inDescription, ofDescription);
            return inText ?? (Passages.Beginning(text.Description.Length > 0 || text.MembersOnly ? text.Description : text.Body), 0);
        }
    }

    sealed record ArticleText(Guid AuthorId, string Title, string Description, string Body, bool MembersOnly);

    async Task<Dictionary<Guid, ArticleText>> TextsAsync(List<Candidate> page, bool withRest, CancellationToken cancel)
    {
        await using var connection = await finding.OpenConnectionAsync(cancel);
        await using var command = connection.Command(
            $"select id, author_id, title, description, {(withRest ? "lead || body" : "lead")}, members_only from {ServingSchema}.articles where id = any($1)", page.Select(candidate => candidate.Id).ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var texts = new Dictionary<Guid, ArticleText>(page.Count);
        while (await rows.ReadAsync(cancel))
            texts[rows.GetGuid(0)] = new(rows.GetGuid(1), rows.GetString(2), rows.GetString(3), rows.GetString(4), rows.GetBoolean(5));
        return texts;
    }
}
