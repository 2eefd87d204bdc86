namespace Blog.Bff.Api;

static class Csv
{
    /// <summary>A field of RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe.</summary>
    public static string Field(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@') text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
