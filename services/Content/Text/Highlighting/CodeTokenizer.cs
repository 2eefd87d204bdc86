namespace Blog.Content.Text.Highlighting;

/// <summary>A run of characters with one role.</summary>
public readonly record struct CodeToken(int Start, int Length, CodeRole Role);

/// <summary>
/// Splits code into coloured runs in one pass. It never fails and never loses a character: what it does not understand is plain.
/// The cost is linear in the length of the code.
/// </summary>
public sealed partial class CodeTokenizer
{
    readonly string code;
    readonly Language language;
    readonly List<CodeToken> tokens = [];
    int at;
    int plainFrom;

    CodeTokenizer(string code, Language language) => (this.code, this.language) = (code, language);

    /// <summary>The tokens of the code, in order, without gaps.</summary>
    public static IReadOnlyList<CodeToken> Tokenize(string code, Language language)
    {
        var tokenizer = new CodeTokenizer(code, language);
        switch (language.Shape)
        {
            case CodeShape.Markup: tokenizer.Markup(); break;
            case CodeShape.Stylesheet: tokenizer.Stylesheet(); break;
            case CodeShape.KeysAndValues: tokenizer.KeysAndValues(); break;
            case CodeShape.Difference: tokenizer.Lines(DifferenceRole); break;
            case CodeShape.Session: tokenizer.Session(); break;
            default: tokenizer.Statements(code.Length); break;
        }
        tokenizer.Flush(code.Length);
        return tokenizer.tokens;
    }

    void Statements(int end)
    {
        var declares = false;
        while (at < end)
        {
            var c = code[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (Comment() || Directive() || RawString() || Lifetime() || Quoted())
            {
                declares = false;
            }
            else if (char.IsAsciiDigit(c))
            {
                Emit(NumberEnd(), CodeRole.Number);
                declares = false;
            }
            else if (IsNameStart(c))
            {
                var nameEnd = NameEnd();
                var name = code[at..nameEnd];
                var isKeyword = IsKeyword(name);
                if (isKeyword)
                    Emit(nameEnd, CodeRole.Keyword);
                else if (declares || IsCalled(nameEnd) && !IsMember())
                    Emit(nameEnd, CodeRole.Name);
                else
                    at = nameEnd;
                declares = isKeyword && language.Declaring.Contains(name);
            }
            else
            {
                // "function* name" and "fn <T>" aside, punctuation ends a declaration.
                declares = declares && c is '*';
                at++;
            }
        }
    }

    bool Comment()
    {
        foreach (var (open, close) in language.BlockComments)
        {
            if (!Here(open))
                continue;
            var depth = 1;
            var end = at + open.Length;
            while (end < code.Length && depth > 0)
            {
                if (string.CompareOrdinal(code, end, close, 0, close.Length) == 0)
                {
                    depth--;
                    end += close.Length;
                }
                else if (language.CommentsNest && string.CompareOrdinal(code, end, open, 0, open.Length) == 0)
                {
                    depth++;
                    end += open.Length;
                }
                else
                {
                    end++;
                }
            }
            Emit(end, CodeRole.Comment);
            return true;
        }
        foreach (var open in language.LineComments)
        {
            // In shells and YAML a # inside a word is no comment.
            if (!Here(open) || open[0] == '#' && at > 0 && !char.IsWhiteSpace(code[at - 1]) && code[at - 1] is not (';' or '(' or ')' or ',' or ']' or '}' or '"'))
                continue;
            Emit(LineEnd(at), CodeRole.Comment);
            return true;
        }
        return false;
    }

    bool Directive()
    {
        if (!language.HasDirectives || code[at] != '#')
            return false;
        if (at + 1 < code.Length && (code[at + 1] == '[' || Here("#![")))
        {
            var depth = 0;
            var end = at;
            for (; end < code.Length; end++)
            {
                depth += code[end] switch { '[' => 1, ']' => -1, _ => 0 };
                if (code[end] == ']' && depth == 0)
                    break;
            }
            Emit(Math.Min(end + 1, code.Length), CodeRole.Name);
            return true;
        }
        if (!IsFirstOfLine())
            return false;
        var word = at + 1;
        while (word < code.Length && (char.IsAsciiLetter(code[word]) || code[word] == ' ' && word == at + 1))
            word++;
        Emit(word, CodeRole.Keyword);
        return true;
    }

    bool RawString()
    {
        if (!language.HasHashedRawStrings || code[at] is not ('r' or 'b'))
            return false;
        var open = at + (Here("br") ? 2 : 1);
        if (code[open - 1] != 'r')
            return false;
        var hashes = 0;
        while (open + hashes < code.Length && code[open + hashes] == '#')
            hashes++;
        if (open + hashes >= code.Length || code[open + hashes] != '"')
            return false;
        var close = code.IndexOf('"' + new string('#', hashes), open + hashes + 1, StringComparison.Ordinal);
        Emit(close < 0 ? code.Length : close + hashes + 1, CodeRole.Text);
        return true;
    }

    bool Lifetime()
    {
        if (!language.HasLifetimes || code[at] != '\'' || at + 1 >= code.Length || !IsNameStart(code[at + 1]))
            return false;
        var end = at + 2;
        while (end < code.Length && IsNamePart(code[end]))
            end++;
        if (end < code.Length && code[end] == '\'')
            return false;
        Emit(end, CodeRole.Name);
        return true;
    }

    bool Quoted()
    {
        foreach (var quote in language.Quotes)
        {
            if (Here(quote.Open))
            {
                Emit(QuoteEnd(quote), CodeRole.Text);
                return true;
            }
        }
        return false;
    }

    int QuoteEnd(Quote quote)
    {
        var end = at + quote.Open.Length;
        while (end < code.Length)
        {
            if (quote.Escape != '\0' && code[end] == quote.Escape)
                end = Math.Min(end + 2, code.Length);
            else if (string.CompareOrdinal(code, end, quote.Close, 0, quote.Close.Length) == 0)
                return end + quote.Close.Length;
            else if (code[end] == '\n' && !quote.ManyLines)
                return end;
            else
                end++;
        }
        return code.Length;
    }

    void Emit(int end, CodeRole role)
    {
        end = Math.Min(end, code.Length);
        if (end <= at)
            return;
        Flush(at);
        tokens.Add(new CodeToken(at, end - at, role));
        at = plainFrom = end;
    }

    void Flush(int end)
    {
        if (end > plainFrom)
            tokens.Add(new CodeToken(plainFrom, end - plainFrom, CodeRole.Plain));
        plainFrom = end;
    }

    bool Here(string text) => string.CompareOrdinal(code, at, text, 0, text.Length) == 0;

    int After(string text, int from)
    {
        var found = from <= code.Length ? code.IndexOf(text, from, StringComparison.Ordinal) : -1;
        return found < 0 ? code.Length : found + text.Length;
    }

    int LineEnd(int from)
    {
        var end = code.IndexOf('\n', from);
        return end < 0 ? code.Length : end;
    }

    bool IsFirstOfLine()
    {
        var before = at - 1;
        while (before >= 0 && code[before] is ' ' or '\t')
            before--;
        return before < 0 || code[before] == '\n';
    }

    bool IsNameStart(char c) => char.IsLetter(c) || c == '_' || c is '@' or '$' && language.NameCharacters.Contains(c, StringComparison.Ordinal);

    bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c == '_';

    int NameEnd()
    {
        var end = at + 1;
        while (end < code.Length && (IsNamePart(code[end]) || code[end] is '-' && language.NameCharacters.Contains('-', StringComparison.Ordinal)))
            end++;
        // println! and empty? end in their mark; a != b does not.
        if (end < code.Length && code[end] is '!' or '?' && language.NameCharacters.Contains(code[end], StringComparison.Ordinal) && (end + 1 >= code.Length || code[end + 1] != '='))
            end++;
        return end;
    }

    int NumberEnd()
    {
        var end = at + 1;
        while (end < code.Length && (char.IsLetterOrDigit(code[end]) || code[end] == '_' || code[end] == '.' && end + 1 < code.Length && char.IsAsciiDigit(code[end + 1])))
            end++;
        return end;
    }

    bool IsKeyword(string name) => language.Keywords.Contains(language.IgnoresCase ? name.ToLowerInvariant() : name);

    bool IsCalled(int end) => end < code.Length && code[end] == '(' || code[end - 1] == '!';

    bool IsMember() => at > 0 && code[at - 1] == '.';
}
