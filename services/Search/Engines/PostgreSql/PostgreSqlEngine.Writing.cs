using Blog.Search.Words;
using Npgsql;

namespace Blog.Search.Engines.PostgreSql;

sealed partial class PostgreSqlEngine
{
    /// <summary>Documents of one transaction.</summary>
    const int Batch = 500;

    public async Task PutAsync(string index, IReadOnlyList<SearchDocument> documents, CancellationToken cancel)
    {
        foreach (var batch in documents.Chunk(Batch))
            await GuardAsync(() => PutBatchAsync(index, Newest(batch), cancel), index);
    }

    // The same document may come twice in a batch.
    static List<SearchDocument> Newest(IEnumerable<SearchDocument> documents) =>
        [.. documents.GroupBy(document => (document.Kind, document.Id)).Select(same => same.MaxBy(document => document.Revision)!)];

    async Task<bool> PutBatchAsync(string index, List<SearchDocument> documents, CancellationToken cancel)
    {
        var schema = Schema(index);
        var articles = documents.OfType<ArticleDocument>().Select(article => (Article: article, Words: new ArticleWords(article))).ToList();
        foreach (var language in articles.GroupBy(article => article.Words.Language))
            await stems.LearnAsync(language.Key, language.SelectMany(article => article.Words.Surfaces), cancel);
        var drafts = documents.OfType<DraftDocument>().Select(draft => (Draft: draft, Words: DraftWords(draft))).ToList();
        foreach (var language in drafts.GroupBy(draft => draft.Words.Language))
            await stems.LearnAsync(language.Key, language.SelectMany(draft => draft.Words.Surfaces), cancel);

        await using var connection = await writing.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await LockAsync(connection, documents.Select(document => document.Id), cancel);
        var removed = await RemovalsAsync(connection, schema, documents, cancel);
        documents.RemoveAll(IsRemoved);

        await PutArticlesAsync(connection, schema, articles.FindAll(article => !IsRemoved(article.Article)), cancel);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var document in documents)
            switch (document)
            {
                case PersonDocument person:
                    batch.BatchCommands.Add(PutName(schema, person, person.Name, $"{person.Name} {person.Handle}", 0, person.Followers));
                    break;
                case PublicationDocument publication:
                    batch.BatchCommands.Add(PutName(schema, publication, publication.Name, $"{publication.Name} {publication.Handle}", 0, publication.Followers));
                    break;
                case TopicDocument topic:
                    batch.BatchCommands.Add(PutName(schema, topic, topic.Name, $"{topic.Name} {topic.Id}", topic.ArticleCount, topic.ArticleCount));
                    break;
            }
        foreach (var (draft, words) in drafts.Where(draft => !IsRemoved(draft.Draft)))
            batch.BatchCommands.Add(Statement(
                $"""
                insert into {schema}.drafts values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::tsvector)
                on conflict (id) do update set owner_id = excluded.owner_id, revision = excluded.revision, language = excluded.language, update_time = excluded.update_time, title = excluded.title,
                    description = excluded.description, body = excluded.body, words = excluded.words
                where drafts.revision <= excluded.revision
                """, draft.OwnerId, Guid.Parse(draft.Id), draft.Revision, words.Language, draft.UpdateTime.UtcDateTime, Clean(draft.Title), Clean(draft.Description), Clean(words.Text), words.ToVectors(stems, withPairs: false).Words));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        if (index == ISearchEngine.Serving)
            vocabulary.Hold(articles.Select(article => article.Words.Language));
        return true;

        bool IsRemoved(SearchDocument document) => removed.TryGetValue((document.Kind, document.Id), out var revision) && document.Revision <= revision;
    }

    // Two writers of the same document one after the other, so that words are counted once.
    static Task<int> LockAsync(NpgsqlConnection connection, IEnumerable<string> ids, CancellationToken cancel) => connection.ExecuteAsync(
        "select pg_advisory_xact_lock(key) from (select distinct hashtextextended(id, 0) as key from unnest($1) id order by 1) keys", [ids.ToArray()], cancel);

    static ArticleWords DraftWords(DraftDocument draft) => new(new ArticleDocument(draft.Id, draft.Revision)
    {
        AuthorId = draft.OwnerId, CoAuthors = [.. draft.CoOwnerIds.Select(id => new CoAuthor(id, "", ""))], Title = draft.Title, Description = draft.Description, Body = draft.Body, Language = draft.Language, PublishTime = draft.UpdateTime,
    });

    static async Task<Dictionary<(DocumentKind, string), long>> RemovalsAsync(NpgsqlConnection connection, string schema, List<SearchDocument> documents, CancellationToken cancel)
    {
        await using var query = connection.Command($"select kind, id, revision from {schema}.removals where (kind, id) in (select * from unnest($1, $2))",
            documents.Select(document => (short)document.Kind).ToArray(), documents.Select(document => document.Id).ToArray());
        await using var rows = await query.ExecuteReaderAsync(cancel);
        var removed = new Dictionary<(DocumentKind, string), long>();
        while (await rows.ReadAsync(cancel))
            removed[((DocumentKind)rows.GetInt16(0), rows.GetString(1))] = rows.GetInt64(2);
        return removed;
    }

    async Task PutArticlesAsync(NpgsqlConnection connection, string schema, List<(ArticleDocument Article, ArticleWords Words)> articles, CancellationToken cancel)
    {
        if (articles.Count == 0)
            return;
        var former = await FormerAsync(connection, schema, [.. articles.Select(article => Guid.Parse(article.Article.Id))], cancel);
        articles = articles.FindAll(article => !former.TryGetValue(article.Article.Id, out var known) || known.Revision <= article.Article.Revision);

        await using var batch = new NpgsqlBatch(connection);
        foreach (var (article, words) in articles)
        {
            var (key, all) = words.ToVectors(stems, withPairs: true);
            var quality = Scoring.Quality(article.Claps, article.Responses);
            var lead = ArticleWords.Unpaired(words.Text, ArticleWords.Lead);
            batch.BatchCommands.Add(Statement(
                $"""
                insert into {schema}.articles values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text::tsvector, $15::text::tsvector)
                on conflict (id) do update set revision = excluded.revision, author_id = excluded.author_id, language = excluded.language, publish_time = excluded.publish_time,
                    quality = excluded.quality, standing = excluded.standing, members_only = excluded.members_only, topics = excluded.topics, title = excluded.title,
                    description = excluded.description, lead = excluded.lead, body = excluded.body, key = excluded.key, words = excluded.words
                """,
                Guid.Parse(article.Id), article.Revision, article.AuthorId, words.Language, article.PublishTime.UtcDateTime, quality, Scoring.Standing(quality, article.PublishTime),
                article.MembersOnly, article.Topics.Select(topic => topic.Slug).ToArray(), Clean(article.Title), Clean(article.Description), Clean(lead), Clean(words.Text[lead.Length..]), key, all));
        }
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancel);

        var (vocabularyChange, phraseChange, compounds) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (article, words) in articles)
        {
            Count(vocabularyChange, words.Vocabulary, 1);
            Count(phraseChange, words.Phrases, 1);
            compounds.UnionWith(words.Vocabulary.Where(word => ArticleWords.IsCompound(words.Language, word)));
            if (former.TryGetValue(article.Id, out var known))
            {
                Count(vocabularyChange, known.Words.Vocabulary, -1);
                Count(phraseChange, known.Words.Phrases, -1);
            }
        }
        await CountAsync(connection, schema, vocabularyChange, phraseChange, compounds, cancel);
    }

    static void Count(Dictionary<string, int> counts, IEnumerable<string> words, int change)
    {
        foreach (var word in words)
            counts[word] = counts.GetValueOrDefault(word) + change;
    }

    // In the order of the words, so that writers wait for each other and never for ever.
    static async Task CountAsync(
        NpgsqlConnection connection, string schema, Dictionary<string, int> vocabulary, Dictionary<string, int> phrases, HashSet<string> compounds, CancellationToken cancel)
    {
        foreach (var unchanged in vocabulary.Where(count => count.Value == 0).Select(count => count.Key).ToList())
            vocabulary.Remove(unchanged);
        foreach (var unchanged in phrases.Where(count => count.Value == 0).Select(count => count.Key).ToList())
            phrases.Remove(unchanged);
        await connection.ExecuteAsync(
            $"""
            insert into {schema}.vocabulary as v select * from unnest($1, $2, $3) as change (word, docs, compound) order by word collate "C"
            on conflict (word) do update set docs = greatest(v.docs + excluded.docs, 0), compound = v.compound or excluded.compound
            """, [vocabulary.Keys.ToArray(), vocabulary.Values.ToArray(), vocabulary.Keys.Select(compounds.Contains).ToArray()], cancel);
        await connection.ExecuteAsync(
            $"""
            insert into {schema}.phrases as p select * from unnest($1, $2) as change (phrase, docs) order by phrase collate "C"
            on conflict (phrase) do update set docs = greatest(p.docs + excluded.docs, 0)
            """, [phrases.Keys.ToArray(), phrases.Values.ToArray()], cancel);
    }

    sealed record FormerArticle(long Revision, ArticleWords Words);

    /// <summary>What is there now, by id: its words are taken out of the counts.</summary>
    static async Task<Dictionary<string, FormerArticle>> FormerAsync(NpgsqlConnection connection, string schema, Guid[] ids, CancellationToken cancel)
    {
        await using var query = connection.Command(
            $"select id, revision, author_id, language, publish_time, topics, title, description, lead || body, tsvector_to_array(key) from {schema}.articles where id = any($1)", ids);
        await using var rows = await query.ExecuteReaderAsync(cancel);
        var former = new Dictionary<string, FormerArticle>();
        while (await rows.ReadAsync(cancel))
        {
            var id = rows.GetGuid(0).ToString();
            // The filters are all that counts here, so it does not matter whose handle is whose.
            var filters = rows.GetFieldValue<string[]>(9);
            var handles = filters.Where(lexeme => lexeme.StartsWith('@')).Select(lexeme => lexeme[1..]).ToArray();
            var others = filters.Where(lexeme => lexeme.StartsWith(Lexemes.ById, StringComparison.Ordinal)).Select(lexeme => Guid.Parse(lexeme[Lexemes.ById.Length..])).Where(other => other != rows.GetGuid(2));
            former[id] = new(rows.GetInt64(1), new(new ArticleDocument(id, rows.GetInt64(1))
            {
                AuthorId = rows.GetGuid(2), Language = rows.GetString(3), PublishTime = rows.GetDateTime(4), Topics = [.. rows.GetFieldValue<string[]>(5).Select(slug => new TopicName(slug, ""))],
                Title = rows.GetString(6), Description = rows.GetString(7), Body = rows.GetString(8),
                AuthorHandle = handles.FirstOrDefault() ?? "",
                CoAuthors = [.. others.Select((other, index) => new CoAuthor(other, handles.ElementAtOrDefault(index + 1) ?? "", ""))],
            }));
        }
        return former;
    }

    static NpgsqlBatchCommand PutName(string schema, SearchDocument document, string name, string words, int articles, long weight)
    {
        var key = new Lexemes();
        foreach (var token in Tokenizer.Read(words))
            key.Add(NameLexeme(document.Kind, token.Form), token.Position);
        return Statement(
            $"""
            insert into {schema}.names values ($1, $2, $3, $4, $5, $6, $7, $8::text::tsvector)
            on conflict (kind, id) do update set revision = excluded.revision, name = excluded.name, folded = excluded.folded, articles = excluded.articles, weight = excluded.weight, key = excluded.key
            where names.revision <= excluded.revision
            """, (short)document.Kind, document.Id, document.Revision, Clean(name), Clean(Folding.Fold(words)), articles, (float)Math.Log(1 + Math.Max(0, weight)), key.ToString());
    }

    static string NameLexeme(DocumentKind kind, string word) => $"{(int)kind}:{word}";

    public Task DeleteAsync(string index, IReadOnlyList<Removal> removals, CancellationToken cancel) => GuardAsync(async () =>
    {
        if (removals.Count == 0)
            return true;
        var schema = Schema(index);
        var newest = removals.GroupBy(removal => (removal.Kind, removal.Id)).Select(same => same.MaxBy(removal => removal.Revision)!).ToList();
        await using var connection = await writing.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await LockAsync(connection, newest.Select(removal => removal.Id), cancel);
        await connection.ExecuteAsync(
            $"""
            insert into {schema}.removals as r select * from unnest($1, $2, $3) as removal (kind, id, revision)
            on conflict (kind, id) do update set revision = greatest(r.revision, excluded.revision)
            """, [newest.Select(r => (short)r.Kind).ToArray(), newest.Select(r => r.Id).ToArray(), newest.Select(r => r.Revision).ToArray()], cancel);

        var articles = newest.Where(removal => removal.Kind == DocumentKind.Article).ToDictionary(removal => removal.Id, removal => removal.Revision);
        var gone = (await FormerAsync(connection, schema, [.. articles.Keys.Select(Guid.Parse)], cancel)).Where(former => former.Value.Revision <= articles[former.Key]).ToList();
        if (gone.Count > 0)
        {
            await connection.ExecuteAsync($"delete from {schema}.articles where id = any($1)", [gone.Select(former => Guid.Parse(former.Key)).ToArray()], cancel);
            var (words, phrases) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
            foreach (var (_, former) in gone)
            {
                Count(words, former.Words.Vocabulary, -1);
                Count(phrases, former.Words.Phrases, -1);
            }
            await CountAsync(connection, schema, words, phrases, [], cancel);
        }
        var drafts = newest.Where(removal => removal.Kind == DocumentKind.Draft).ToList();
        if (drafts.Count > 0)
            await connection.ExecuteAsync($"delete from {schema}.drafts d using unnest($1, $2) as removal (id, revision) where d.id = removal.id and d.revision <= removal.revision",
                [drafts.Select(removal => Guid.Parse(removal.Id)).ToArray(), drafts.Select(removal => removal.Revision).ToArray()], cancel);
        var names = newest.Where(removal => removal.Kind is DocumentKind.Person or DocumentKind.Publication or DocumentKind.Topic).ToList();
        if (names.Count > 0)
            await connection.ExecuteAsync(
                $"delete from {schema}.names n using unnest($1, $2, $3) as removal (kind, id, revision) where n.kind = removal.kind and n.id = removal.id and n.revision <= removal.revision",
                [names.Select(r => (short)r.Kind).ToArray(), names.Select(r => r.Id).ToArray(), names.Select(r => r.Revision).ToArray()], cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }, index);

    static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    // PostgreSQL's text holds any character but NUL, and halves of none.
    static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0', StringComparison.Ordinal))
            return text;
        return string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? " " : rune.ToString()));
    }
}
