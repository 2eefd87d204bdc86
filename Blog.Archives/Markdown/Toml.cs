using System.Globalization;
using System.Text;

namespace Blog.Archives.Markdown;

/// <summary>
/// Reads TOML 1.0 (toml.io/en/v1.0.0) into dictionaries, lists, strings, longs, doubles, bools and <see cref="DateTimeOffset"/> (a date without a zone is UTC).
/// Own code because no TOML package is on the feed. Not covered: times of day without a date stay text.
/// </summary>
/// <exception cref="FormatException">Names the line.</exception>
static class Toml
{
    public static Dictionary<string, object> Parse(string text) => new Reader(text).Document();

    sealed class Reader(string text)
    {
        int at;

        public Dictionary<string, object> Document()
        {
            var root = new Dictionary<string, object>(StringComparer.Ordinal);
            var table = root;
            while (SkipToContent())
            {
                if (Peek == '[')
                {
                    table = Header(root);
                }
                else
                {
                    KeyValue(table);
                }
                EndOfLine();
            }
            return root;
        }

        char Peek => at < text.Length ? text[at] : '\0';

        Dictionary<string, object> Header(Dictionary<string, object> root)
        {
            at++;
            var isArray = Peek == '[';
            if (isArray) at++;
            var path = Key();
            Expect(']');
            if (isArray) Expect(']');
            var parent = Descend(root, path.AsSpan(0, path.Length - 1));
            if (!isArray) return Descend(parent, path.AsSpan(path.Length - 1));
            if (!parent.TryGetValue(path[^1], out var found)) parent[path[^1]] = found = new List<object>();
            if (found is not List<object> list) throw Wrong($"'{path[^1]}' is no array of tables");
            var table = new Dictionary<string, object>(StringComparer.Ordinal);
            list.Add(table);
            return table;
        }

        Dictionary<string, object> Descend(Dictionary<string, object> from, ReadOnlySpan<string> path)
        {
            foreach (var name in path)
            {
                if (!from.TryGetValue(name, out var next)) from[name] = next = new Dictionary<string, object>(StringComparer.Ordinal);
                from = next switch
                {
                    Dictionary<string, object> table => table,
                    List<object> list when list.LastOrDefault() is Dictionary<string, object> last => last,
                    _ => throw Wrong($"'{name}' is not a table"),
                };
            }
            return from;
        }

        void KeyValue(Dictionary<string, object> table)
        {
            var path = Key();
            SkipBlanks();
            Expect('=');
            SkipBlanks();
            var value = Value();
            if (!Descend(table, path.AsSpan(0, path.Length - 1)).TryAdd(path[^1], value)) throw Wrong($"'{path[^1]}' is given twice");
        }

        string[] Key()
        {
            var parts = new List<string>();
            do
            {
                SkipBlanks();
                parts.Add(Peek switch
                {
                    '"' => BasicString(),
                    '\'' => LiteralString(),
                    _ => Bare(),
                });
                SkipBlanks();
            }
            while (Take('.'));
            return [.. parts];
        }

        string Bare()
        {
            var start = at;
            while (char.IsAsciiLetterOrDigit(Peek) || Peek is '-' or '_') at++;
            return at > start ? text[start..at] : throw Wrong("a key is missing");
        }

        object Value() => Peek switch
        {
            '"' => text.AsSpan(at).StartsWith("\"\"\"") ? MultiLine("\"\"\"", basic: true) : BasicString(),
            '\'' => text.AsSpan(at).StartsWith("'''") ? MultiLine("'''", basic: false) : LiteralString(),
            '[' => Array(),
            '{' => InlineTable(),
            _ => Scalar(),
        };

        string BasicString()
        {
            Expect('"');
            var result = new StringBuilder();
            while (Peek != '"')
            {
                if (Peek is '\0' or '\n') throw Wrong("a string is not closed");
                if (Peek == '\\') Escape(result);
                else result.Append(text[at++]);
            }
            at++;
            return result.ToString();
        }

        string LiteralString()
        {
            Expect('\'');
            var end = text.AsSpan(at).IndexOfAny('\'', '\n');
            if (end < 0 || text[at + end] == '\n') throw Wrong("a string is not closed");
            var value = text.Substring(at, end);
            at += end + 1;
            return value;
        }

        string MultiLine(string fence, bool basic)
        {
            at += 3;
            if (Peek == '\r') at++;
            if (Peek == '\n') at++;
            var result = new StringBuilder();
            while (!text.AsSpan(at).StartsWith(fence))
            {
                if (Peek == '\0') throw Wrong("a string is not closed");
                if (basic && Peek == '\\') Escape(result);
                else result.Append(text[at++]);
            }
            at += 3;
            // Up to two quotes may stand directly before the fence.
            while (Peek == fence[0]) result.Append(text[at++]);
            return result.ToString();
        }

        void Escape(StringBuilder result)
        {
            at++;
            var code = Peek;
            at++;
            switch (code)
            {
                case 'b': result.Append('\b'); break;
                case 't': result.Append('\t'); break;
                case 'n': result.Append('\n'); break;
                case 'f': result.Append('\f'); break;
                case 'r': result.Append('\r'); break;
                case 'e': result.Append('\x1b'); break;
                case '"' or '\\': result.Append(code); break;
                case 'u': Unicode(result, 4); break;
                case 'U': Unicode(result, 8); break;
                case ' ' or '\t' or '\r' or '\n':
                    while (char.IsWhiteSpace(Peek)) at++;
                    break;
                default: throw Wrong($"'\\{code}' is no escape");
            }
        }

        void Unicode(StringBuilder result, int digits)
        {
            if (at + digits > text.Length || !int.TryParse(text.AsSpan(at, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var scalar) || !Rune.IsValid(scalar))
                throw Wrong("a Unicode escape is wrong");
            result.Append(new Rune(scalar));
            at += digits;
        }

        List<object> Array()
        {
            Expect('[');
            var items = new List<object>();
            while (SkipToContent() && Peek != ']')
            {
                items.Add(Value());
                SkipToContent();
                if (!Take(',') && Peek != ']') throw Wrong("',' or ']' is missing");
            }
            Expect(']');
            return items;
        }

        Dictionary<string, object> InlineTable()
        {
            Expect('{');
            var table = new Dictionary<string, object>(StringComparer.Ordinal);
            SkipBlanks();
            while (Peek != '}')
            {
                KeyValue(table);
                SkipBlanks();
                if (!Take(',') && Peek != '}') throw Wrong("',' or '}' is missing");
                SkipBlanks();
            }
            at++;
            return table;
        }

        object Scalar()
        {
            var start = at;
            while (Peek is not ('\0' or '\n' or '\r' or ',' or ']' or '}' or '#')) at++;
            var word = text[start..at].Trim();
            if (word is "true" or "false") return word == "true";
            var number = word.Replace("_", "", StringComparison.Ordinal);
            if (long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)) return integer;
            if (number.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(number.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex)) return hex;
            if (word.Length >= 10 && word[4] == '-' && DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
            if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)) return real;
            return word.Length > 0 && word[0] is >= '0' and <= '9' ? word : throw Wrong($"'{word}' is no value");
        }

        /// <summary>Past blanks, line ends and comments; false at the end of the text.</summary>
        bool SkipToContent()
        {
            while (true)
            {
                while (char.IsWhiteSpace(Peek)) at++;
                if (Peek != '#') return at < text.Length;
                SkipComment();
            }
        }

        void SkipComment()
        {
            while (Peek is not ('\0' or '\n')) at++;
        }

        void SkipBlanks()
        {
            while (Peek is ' ' or '\t') at++;
        }

        void EndOfLine()
        {
            SkipBlanks();
            if (Peek == '#') SkipComment();
            if (Peek is not ('\0' or '\n' or '\r')) throw Wrong($"'{Peek}' is not expected here");
        }

        bool Take(char wanted)
        {
            if (Peek != wanted) return false;
            at++;
            return true;
        }

        void Expect(char wanted)
        {
            if (!Take(wanted)) throw Wrong($"'{wanted}' is missing");
        }

        FormatException Wrong(string what) => new($"line {text.AsSpan(0, Math.Min(at, text.Length)).Count('\n') + 1}: {what}");
    }
}
