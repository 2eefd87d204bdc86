using System.Globalization;
using System.Text;

namespace Blog.Search.Engines.PostgreSql;

/// <summary>A tsvector in the making: lexemes with their places and weights, in PostgreSQL's text form.</summary>
sealed class Lexemes
{
    /// <summary>PostgreSQL keeps no higher position, and 255 places of a lexeme.</summary>
    public const int MaxPosition = 16_383, MaxPlaces = 255;

    readonly Dictionary<string, List<(int Position, char Weight)>> places = new(StringComparer.Ordinal);

    public void Add(string lexeme, int position = 1, char weight = 'D')
    {
        if (!places.TryGetValue(lexeme, out var at))
            places[lexeme] = at = new(1);
        if (at.Count < MaxPlaces)
            at.Add((Math.Min(position, MaxPosition), weight));
    }

    /// <summary>A lexeme that is only there or not.</summary>
    public void AddMark(string lexeme) => places.TryAdd(lexeme, []);

    public override string ToString()
    {
        var text = new StringBuilder(places.Count * 12);
        foreach (var (lexeme, at) in places)
        {
            text.Append(text.Length > 0 ? " " : "").Append(Quote(lexeme));
            for (var i = 0; i < at.Count; i++)
            {
                text.Append(i > 0 ? ',' : ':').Append(CultureInfo.InvariantCulture, $"{at[i].Position}");
                if (at[i].Weight != 'D')
                    text.Append(at[i].Weight);
            }
        }
        return text.ToString();
    }

    /// <summary>A lexeme as tsvector and tsquery want it, whatever is in it.</summary>
    public static string Quote(string lexeme) =>
        $"'{lexeme.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Of the key and the vocabulary: a word of the title. No word begins with this sign.</summary>
    public static string Title(string lexeme) => TitleSign + lexeme;

    public const char TitleSign = '^';

    // Of filters, in both vectors of an article.
    public static string Topic(string slug) => "#" + slug;
    public static string Author(string handle) => "@" + handle.ToLowerInvariant();

    public const string ById = "by:";

    public static string AuthorId(Guid id) => ById + id.ToString("N");
    public static string Language(string subtag) => "lang:" + subtag;
}
