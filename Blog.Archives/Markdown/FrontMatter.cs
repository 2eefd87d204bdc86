using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Blog.Archives.Markdown;

/// <summary>What stands between <c>---</c> (YAML) or <c>+++</c> (TOML) at the head of a Markdown file, as Jekyll, Hugo, Zola, Eleventy and Astro write it.</summary>
/// <param name="Values">By name; names compared without case.</param>
/// <param name="Body">The Markdown after it.</param>
public sealed record FrontMatter(IReadOnlyDictionary<string, object> Values, string Body)
{
    static readonly IDeserializer Yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    /// <exception cref="FormatException">The front matter cannot be read; the message says where.</exception>
    public static FrontMatter Read(string text)
    {
        text = text.TrimStart('\uFEFF');
        foreach (var fence in (string[])["+++", "---"])
        {
            if (!text.StartsWith(fence, StringComparison.Ordinal)) continue;
            var firstEnd = text.IndexOf('\n', StringComparison.Ordinal);
            if (firstEnd < 0 || text[..firstEnd].Trim() != fence) continue;
            var close = FindClose(text, firstEnd + 1, fence) ?? throw new FormatException($"the front matter is not closed by {fence}");
            var head = text[(firstEnd + 1)..close.Start];
            return new(fence == "+++" ? Toml.Parse(head).AsIgnoringCase() : ParseYaml(head), text[close.End..].TrimStart('\r', '\n'));
        }
        return new(new Dictionary<string, object>(), text);
    }

    /// <summary>The first of the names that holds text (or a number), trimmed; null when none does.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Values.TryGetValue(name, out var value) && AsText(value) is { Length: > 0 } text) return text;
        return null;
    }

    /// <summary>All texts under the names: a list, one text, or a table's <c>name</c>. <c>a.b</c> looks into table a.</summary>
    public IEnumerable<string> Texts(params string[] names) =>
        names.SelectMany(name => Flatten(Find(name))).Select(t => t.Trim()).Where(t => t.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when a name says yes.</summary>
    public bool Flag(string name) => Values.TryGetValue(name, out var value) && (value is true || string.Equals(value as string, "true", StringComparison.OrdinalIgnoreCase));

    /// <summary>The first of the names that holds a date, in UTC when it names no zone.</summary>
    public DateTimeOffset? Date(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!Values.TryGetValue(name, out var value)) continue;
            if (value is DateTimeOffset time) return time;
            if (value is DateTime local) return new(DateTime.SpecifyKind(local, DateTimeKind.Utc));
            if (DateTimeOffset.TryParse(AsText(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)) return parsed;
        }
        return null;
    }

    object? Find(string path)
    {
        object? here = Values;
        foreach (var name in path.Split('.'))
            here = here is IReadOnlyDictionary<string, object> table && table.TryGetValue(name, out var next) ? next : null;
        return here;
    }

    static IEnumerable<string> Flatten(object? value) => value switch
    {
        null => [],
        List<object> list => list.SelectMany(Flatten),
        IReadOnlyDictionary<string, object> table => table.TryGetValue("name", out var name) ? Flatten(name) : [],
        _ => AsText(value) is { } text ? [text] : [],
    };

    static string? AsText(object value) => value switch
    {
        string text => text.Trim(),
        long or double or int => Convert.ToString(value, CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => null,
    };

    static (int Start, int End)? FindClose(string text, int from, string fence)
    {
        while (from < text.Length)
        {
            var end = text.IndexOf('\n', from);
            var line = end < 0 ? text[from..] : text[from..end];
            if (line.TrimEnd() == fence) return (from, end < 0 ? text.Length : end + 1);
            if (end < 0) return null;
            from = end + 1;
        }
        return null;
    }

    static Dictionary<string, object> ParseYaml(string head)
    {
        try
        {
            return Plain(Yaml.Deserialize<object?>(head)) is Dictionary<string, object> table ? table : new(StringComparer.OrdinalIgnoreCase);
        }
        catch (YamlException wrong)
        {
            throw new FormatException($"line {wrong.Start.Line}: {wrong.Message}", wrong);
        }
    }

    static object? Plain(object? value) => value switch
    {
        IDictionary<object, object?> table => table.Where(e => e.Value is not null).ToDictionary(e => e.Key.ToString()!, e => Plain(e.Value)!, StringComparer.OrdinalIgnoreCase),
        IEnumerable<object?> list => list.Where(v => v is not null).Select(v => Plain(v)!).ToList(),
        int or short or byte => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        _ => value,
    };
}

static class CaseInsensitiveTables
{
    public static Dictionary<string, object> AsIgnoringCase(this Dictionary<string, object> table)
    {
        var copy = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in table) copy[name] = value is Dictionary<string, object> inner ? inner.AsIgnoringCase() : value;
        return copy;
    }
}
