using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Blog.SystemTesting;
using Npgsql;
using NpgsqlTypes;

namespace Blog.Bench.Search;

/// <summary>
/// As many articles as one wants, of paragraphs that people wrote: the shared posts are cut into paragraphs and put together anew. Words are as frequent as they are in real texts; every article is
/// one of its own. The same for the same seed.
/// </summary>
sealed class Corpus
{
    /// <summary>People who write.</summary>
    public const int Authors = 2_000;

    const int Topics = 300;

    readonly string[] paragraphs;
    readonly string[] titleWords;

    Corpus(string[] paragraphs)
    {
        this.paragraphs = paragraphs;
        titleWords = [.. paragraphs.SelectMany(paragraph => paragraph.Split(' ')).Select(word => word.Trim('.', ',', ':', ';', '(', ')', '`', '*', '"', '!', '?')).Where(word => word.Length > 2 && word.All(char.IsLetter))];
    }

    /// <summary>Articles to generate: <c>BLOG_BENCH_ARTICLES</c>, or 100,000.</summary>
    public static int Size => int.TryParse(Environment.GetEnvironmentVariable("BLOG_BENCH_ARTICLES"), CultureInfo.InvariantCulture, out var size) ? size : 100_000;

    /// <summary>Null: the shared posts are not there.</summary>
    public static Corpus? Read()
    {
        var folder = Path.GetFullPath("../shared/data/rust-blog/content", RunningBlog.RepositoryRoot);
        if (!Directory.Exists(folder))
            return null;
        var paragraphs = Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadAllText(file).Split("\n\n"))
            .Select(paragraph => string.Join(' ', paragraph.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
            // Prose: no front matter, headings, lists, code or link definitions.
            .Where(paragraph => paragraph.Length is > 80 and < 2_000 && char.IsLetter(paragraph[0]) && !paragraph.Contains("```", StringComparison.Ordinal))
            .Distinct().ToArray();
        return new(paragraphs);
    }

    public static Guid Author(int number) => Id(1, number);

    static Guid Id(int kind, int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, number);
        bytes[7] = 0x70;
        bytes[8] = 0x80;
        bytes[15] = (byte)kind;
        return new Guid(bytes);
    }

    public sealed record Piece(Guid Id, Guid AuthorId, string Title, string Description, string[] Paragraphs, string[] Topics, DateTime PublishTime);

    /// <summary>The article of a number.</summary>
    public Piece this[int number]
    {
        get
        {
            var random = new Random(number);
            var text = Enumerable.Range(0, random.Next(5, 14)).Select(_ => paragraphs[random.Next(paragraphs.Length)]).ToArray();
            return new(Id(2, number), Author(random.Next(Authors)), Words(random, random.Next(3, 9)), Words(random, random.Next(8, 20)), text,
                // A few topics have most of the articles.
                [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"topic-{(int)(Topics * Math.Pow(random.NextDouble(), 3))}").Distinct()],
                DateTime.UnixEpoch.AddDays(18_000).AddMinutes(number % 4_000_000));
        }
    }

    /// <summary>Words as they come in texts, so that a frequent one is frequent here.</summary>
    public string Words(Random random, int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => titleWords[random.Next(titleWords.Length)]));

    /// <summary>A few words that stand together in some text.</summary>
    public string Phrase(Random random)
    {
        var words = paragraphs[random.Next(paragraphs.Length)].Split(' ');
        var from = random.Next(Math.Max(1, words.Length - 3));
        return string.Join(' ', words.Skip(from).Take(3)).Replace('"', ' ');
    }

    /// <summary>Puts articles into the database of Content as if they had been published there, and their authors into that of Users.</summary>
    public async Task LoadAsync(string content, string users, int count, CancellationToken cancel)
    {
        await using (var connection = new NpgsqlConnection(users))
        {
            await connection.OpenAsync(cancel);
            await using var copy = await connection.BeginBinaryImportAsync("copy profiles (id, handle, name, create_time, revision) from stdin (format binary)", cancel);
            for (var number = 0; number < Authors; number++)
                await copy.WriteRowAsync(cancel, Author(number), $"author-{number}", Words(new Random(-number - 1), 2), DateTime.UnixEpoch.ToUniversalTime(), 1L);
            await copy.CompleteAsync(cancel);
        }
        await using var database = new NpgsqlConnection(content);
        await database.OpenAsync(cancel);
        await using (var copy = await database.BeginBinaryImportAsync(
            """
            copy articles (author_id, id, status, revision, title, description, markdown, topics, cover_alt, wished_slug, canonical_url, language, content_hash, word_count, create_time, update_time, slug,
                published_hash, first_publish_time) from stdin (format binary)
            """, cancel))
        {
            for (var number = 0; number < count; number++)
            {
                var piece = this[number];
                var hash = SHA256.HashData(piece.Id.ToByteArray());
                await copy.WriteRowAsync(cancel, piece.AuthorId, piece.Id, (short)2, 2L, piece.Title, piece.Description, string.Join("\n\n", piece.Paragraphs), piece.Topics, "", "", "", "", hash, 500,
                    piece.PublishTime, piece.PublishTime, $"article-{number}", hash, piece.PublishTime);
            }
            await copy.CompleteAsync(cancel);
        }
        await using (var copy = await database.BeginBinaryImportAsync(
            """
            copy publications (author_id, article_id, slug, title, description, html, headings, topic_slugs, topic_names, cover_width, cover_height, cover_alt, canonical_url, language, word_count,
                reading_minutes, publish_time, revision) from stdin (format binary)
            """, cancel))
        {
            for (var number = 0; number < count; number++)
            {
                var piece = this[number];
                await copy.StartRowAsync(cancel);
                foreach (var value in (object[])[piece.AuthorId, piece.Id, $"article-{number}", piece.Title, piece.Description, Html(piece.Paragraphs)])
                    await copy.WriteAsync(value, cancel);
                await copy.WriteAsync("[]", NpgsqlDbType.Jsonb, cancel);
                foreach (var value in (object[])[piece.Topics, piece.Topics, 0, 0, "", "", "", 500, 3, piece.PublishTime, 2L])
                    await copy.WriteAsync(value, cancel);
            }
            await copy.CompleteAsync(cancel);
        }
        await using var topics = new NpgsqlCommand(
            """
            insert into topic_articles (topic_slug, article_id, topic_name, author_id, publish_time) select topic, article_id, topic, author_id, publish_time from publications cross join unnest(topic_slugs) topic;
            analyze;
            """, database) { CommandTimeout = 0 };
        await topics.ExecuteNonQueryAsync(cancel);
    }

    static string Html(string[] paragraphs)
    {
        var html = new StringBuilder();
        foreach (var paragraph in paragraphs)
            html.Append("<p>").Append(WebUtility.HtmlEncode(paragraph)).Append("</p>\n");
        return html.ToString();
    }
}
