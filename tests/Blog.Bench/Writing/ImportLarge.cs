using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Blog.Archives;

namespace Blog.Bench.Writing;

/// <summary>
/// Reads archives with two gigabytes of text, as an import does twice: a WordPress export, which is one XML file, and a Ghost export, which is one JSON file in a ZIP. What matters is that the memory does not
/// grow with the archive; the peak is that of this process, so nothing else should be measured in the same run.
/// </summary>
static class ImportLarge
{
    const int Stories = 2_000, Letters = 1_000_000;

    public static Task RunAsync(Figures figures, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("blog-bench-");
        try
        {
            var paragraphs = Paragraphs();
            foreach (var (name, write) in new (string, Action<string, string[]>)[] { ("wordpress", WriteWordPress), ("ghost", WriteGhost) })
            {
                var path = Path.Combine(folder.FullName, name);
                write(path, paragraphs);
                Figures.Say($"{name}: {new FileInfo(path).Length / 1_000_000} MB on the disk");
                cancel.ThrowIfCancellationRequested();
                var watch = Stopwatch.StartNew();
                using (var archive = Archive.Open(path))
                {
                    var stories = archive.Read().TakeWhile(_ => !cancel.IsCancellationRequested).OfType<ArchiveArticle>().Count(story => story.Body.Length >= Letters);
                    if (stories != Stories) throw new InvalidOperationException($"Of {Stories} stories {stories} were read.");
                }
                figures.Add($"import-large-{name}", watch.Elapsed.TotalSeconds, "s");
                File.Delete(path);
            }
            using var self = Process.GetCurrentProcess();
            figures.Add("import-large-peak", self.PeakWorkingSet64 / 1e6, "MB");
            return Task.CompletedTask;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string[] Paragraphs()
    {
        var random = new Random(1);
        var words = Enumerable.Range(0, 20_000).Select(_ => new string([.. Enumerable.Range(0, random.Next(2, 12)).Select(_ => (char)('a' + random.Next(26)))])).ToArray();
        return [.. Enumerable.Range(0, 4_000).Select(_ => string.Join(' ', Enumerable.Range(0, 80).Select(_ => words[random.Next(words.Length)])))];
    }

    static IEnumerable<string> Story(string[] paragraphs, int number)
    {
        var letters = 0;
        for (var at = number * 7; letters < Letters; at++)
        {
            yield return paragraphs[at % paragraphs.Length];
            letters += paragraphs[at % paragraphs.Length].Length;
        }
    }

    static void WriteWordPress(string path, string[] paragraphs)
    {
        using var file = new StreamWriter(path, false, new UTF8Encoding(false), 1 << 20);
        file.Write("""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Large</title><link>https://large.example</link><wp:wxr_version>1.2</wp:wxr_version>""");
        for (var number = 1; number <= Stories; number++)
        {
            file.Write($"<item><title>Story {number}</title><link>https://large.example/story-{number}/</link><dc:creator>ada</dc:creator><content:encoded><![CDATA[");
            foreach (var paragraph in Story(paragraphs, number))
            {
                file.Write(paragraph);
                file.Write("\n\n");
            }
            file.Write($"]]></content:encoded><wp:post_id>{number}</wp:post_id><wp:post_date_gmt>2024-01-01 00:00:00</wp:post_date_gmt><wp:post_name>story-{number}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>");
        }
        file.Write("</channel></rss>");
    }

    static void WriteGhost(string path, string[] paragraphs)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        using var entry = zip.CreateEntry("large.ghost.json", CompressionLevel.Fastest).Open();
        using var json = new Utf8JsonWriter(entry);
        json.WriteStartObject();
        json.WriteStartArray("db");
        json.WriteStartObject();
        json.WriteStartObject("meta");
        json.WriteString("version", "5.80.0");
        json.WriteEndObject();
        json.WriteStartObject("data");
        json.WriteStartArray("posts");
        for (var number = 1; number <= Stories; number++)
        {
            JsonSerializer.Serialize(json, new
            {
                id = number.ToString("x24", CultureInfo.InvariantCulture), title = $"Story {number}", slug = $"story-{number}", html = string.Concat(Story(paragraphs, number).Select(paragraph => $"<p>{paragraph}</p>")),
                status = "published", type = "post", published_at = "2024-01-01T00:00:00.000Z", created_at = "2024-01-01T00:00:00.000Z", updated_at = "2024-01-01T00:00:00.000Z",
            });
            json.Flush();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
