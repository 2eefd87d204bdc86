using System.Text;

namespace Blog.Archives.Substack;

/// <summary>Comma-separated values (RFC 4180), one record at a time, with the names of the first as keys. Programs of countries that write decimals with a comma separate by semicolons. Own code because no CSV package is on the feed.</summary>
static class Csv
{
    const int LongestField = 1 << 20, MostFields = 1000;

    /// <exception cref="ArchiveRefusedException">A field is longer, or a record has more fields, than can be.</exception>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(TextReader text)
    {
        // Names hold neither sign.
        if (Record(text, ',') is not { } names) yield break;
        var separator = ',';
        if (names is [var only] && only.Contains(';', StringComparison.Ordinal)) (separator, names) = (';', [.. only.Split(';').Select(name => name.Trim('"'))]);
        while (Record(text, separator) is { } fields)
        {
            if (fields is [""]) continue;
            var record = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, field) in names.Zip(fields)) record[name.Trim()] = field;
            yield return record;
        }
    }

    static List<string>? Record(TextReader text, char separator)
    {
        if (text.Peek() < 0) return null;
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        while (true)
        {
            var c = text.Read();
            if (quoted && c >= 0)
            {
                if (c != '"') field.Append((char)c);
                else if (text.Peek() == '"') field.Append((char)text.Read());
                else quoted = false;
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c == separator || c is '\n' or < 0)
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c != separator) return fields;
                if (fields.Count > MostFields) throw new ArchiveRefusedException("The table has more columns than can be.");
            }
            else if (c != '\r')
            {
                field.Append((char)c);
            }
            if (field.Length > LongestField) throw new ArchiveRefusedException("The table holds a field that is longer than can be; a quotation mark may be missing.");
        }
    }
}
