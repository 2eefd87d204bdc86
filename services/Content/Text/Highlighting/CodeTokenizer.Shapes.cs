namespace Blog.Content.Text.Highlighting;

// What is not statements: tags, stylesheets, keys and values, sessions, differences.
public sealed partial class CodeTokenizer
{
    void Markup()
    {
        while (at < code.Length)
        {
            if (Here("<!--"))
            {
                Emit(After("-->", at + 4), CodeRole.Comment);
            }
            else if (code[at] == '<' && at + 1 < code.Length && (char.IsAsciiLetter(code[at + 1]) || code[at + 1] is '/' or '!' or '?'))
            {
                Emit(TagNameEnd(at + 2), CodeRole.Keyword);
                while (at < code.Length && code[at] != '>')
                    Attribute();
                if (at < code.Length)
                    Emit(at + 1, CodeRole.Keyword);
            }
            else if (code[at] == '&' && code.IndexOf(';', at, Math.Min(12, code.Length - at)) is > 0 and var semicolon)
            {
                Emit(semicolon + 1, CodeRole.Number);
            }
            else
            {
                at++;
            }
        }
    }

    void Attribute()
    {
        if (code[at] is '"' or '\'')
            Emit(After(code[at].ToString(), at + 1), CodeRole.Text);
        else if (code[at] is '/' or '?')
            Emit(at + 1, CodeRole.Keyword);
        else if (char.IsLetter(code[at]) || code[at] is ':' or '@' or '_')
            Emit(TagNameEnd(at + 1), CodeRole.Name);
        else
            at++;
    }

    int TagNameEnd(int from)
    {
        while (from < code.Length && (char.IsLetterOrDigit(code[from]) || code[from] is '-' or ':' or '.' or '_' or '@'))
            from++;
        return Math.Min(from, code.Length);
    }

    void Stylesheet()
    {
        var depth = 0;
        while (at < code.Length)
        {
            var c = code[at];
            if (Comment() || Quoted())
                continue;
            if (char.IsAsciiDigit(c) && depth > 0 || c == '#' && depth > 0)
            {
                var end = at + 1;
                while (end < code.Length && (char.IsLetterOrDigit(code[end]) || code[end] is '.' or '%'))
                    end++;
                Emit(end, CodeRole.Number);
            }
            else if (c is '@')
            {
                Emit(TagNameEnd(at + 1), CodeRole.Keyword);
            }
            else if (char.IsLetter(c) || c is '-' or '_' or '.' or '#' or '$')
            {
                var end = at + 1;
                while (end < code.Length && (char.IsLetterOrDigit(code[end]) || code[end] is '-' or '_'))
                    end++;
                var property = depth > 0 && end < code.Length && code[end] == ':';
                if (property || depth == 0)
                    Emit(end, property ? CodeRole.Keyword : CodeRole.Name);
                else
                    at = end;
            }
            else
            {
                depth = Math.Max(0, depth + (c is '{' ? 1 : c is '}' ? -1 : 0));
                at++;
            }
        }
    }

    void KeysAndValues()
    {
        while (at < code.Length)
        {
            var end = LineEnd(at);
            var text = code.AsSpan(at, end - at);
            var indent = text.Length - text.TrimStart(" \t-").Length;
            if (text.TrimStart().StartsWith("[") && language.Name != "YAML")
            {
                Emit(end, CodeRole.Keyword);
            }
            else if (!text.IsWhiteSpace() && text[Math.Min(indent, text.Length - 1)] is not ('#' or ';' or '"'))
            {
                var separator = text.IndexOfAny(language.Name == "YAML" ? ":" : "=:");
                var hash = text.IndexOf('#');
                if (separator > indent && (hash < 0 || hash > separator))
                {
                    at += indent;
                    Emit(at - indent + separator, CodeRole.Name);
                }
            }
            Statements(end);
            // A string that runs over lines has moved past the end of this one.
            if (at < code.Length && at <= end)
                at = end + 1;
        }
    }

    void Session()
    {
        while (at < code.Length)
        {
            var end = LineEnd(at);
            if (code[at] is '$' or '>' && at + 1 < end && code[at + 1] == ' ')
            {
                Emit(at + 1, CodeRole.Comment);
                at++;
                var command = at;
                while (command < end && !char.IsWhiteSpace(code[command]))
                    command++;
                Emit(command, CodeRole.Name);
            }
            else if (code[at] == '#')
            {
                Emit(end, CodeRole.Comment);
            }
            at = Math.Min(end + 1, code.Length);
        }
    }

    void Lines(Func<string, CodeRole> roleOf)
    {
        while (at < code.Length)
        {
            var end = LineEnd(at);
            var role = roleOf(code[at..end]);
            if (role != CodeRole.Plain)
                Emit(end, role);
            at = Math.Min(end + 1, code.Length);
        }
    }

    static CodeRole DifferenceRole(string line) => line switch
    {
        _ when line.StartsWith("+++", StringComparison.Ordinal) || line.StartsWith("---", StringComparison.Ordinal) || line.StartsWith("diff ", StringComparison.Ordinal) || line.StartsWith("index ", StringComparison.Ordinal) => CodeRole.Comment,
        _ when line.StartsWith("@@", StringComparison.Ordinal) => CodeRole.Keyword,
        ['+', ..] => CodeRole.Text,
        ['-', ..] => CodeRole.Number,
        _ => CodeRole.Plain,
    };
}
