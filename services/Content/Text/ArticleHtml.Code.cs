using AngleSharp.Dom;
using Blog.Content.Text.Highlighting;

namespace Blog.Content.Text;

/// <summary>What is set as it was typed: code with its colours, formulas, diagrams.</summary>
sealed partial class ArticleHtml
{
    void Code(IElement pre)
    {
        var code = pre.TextContent.TrimEnd('\n');
        var inner = pre.FirstElementChild;
        var info = inner?.GetAttribute("data-info") ?? inner?.ClassList.FirstOrDefault(c => c.StartsWith("language-", StringComparison.Ordinal))?["language-".Length..] ?? "";
        if (info.Split(' ')[0] == Formulas.Info)
        {
            SetApart(code);
            return;
        }
        if (info.Split(' ')[0] == Diagrams.Info)
        {
            Diagram(code, CodeTitle(info));
            return;
        }
        var language = Languages.Of(info);
        Code(code, language, CodeTitle(info) ?? language?.Name ?? "");
    }

    void Code(string code, Language? language, string label)
    {
        html.Append("<figure class=\"code\">");
        if (label.Length > 0)
        {
            html.Append("<figcaption><span>");
            Encode(label);
            html.Append("</span></figcaption>");
        }
        html.Append("<pre tabindex=\"0\" role=\"group\"");
        Attribute("aria-label", label.Length > 0 ? $"Code, {label}" : "Code");
        html.Append("><code>");
        if (language is null)
            Encode(code);
        else
            Coloured(code, language);
        html.Append("</code></pre></figure>");
        plain.Append('\n').Append(code).Append('\n');
    }

    // A wide one scrolls in a frame of its own, which the keyboard must reach.
    void SetApart(string tex)
    {
        html.Append("<div class=\"formula\" role=\"group\" aria-label=\"Formula\" tabindex=\"0\">");
        Formula(tex, display: true);
        html.Append("</div>");
        plain.Append('\n');
    }

    // The site draws it (web/site/lib/diagrams.ts); feeds and pages without a script have the source. It does not count as words.
    void Diagram(string source, string? caption)
    {
        html.Append("<figure class=\"diagram\"><pre tabindex=\"0\" role=\"group\"");
        Attribute("aria-label", $"Diagram: {caption ?? Diagrams.Title(source)}");
        html.Append("><code>");
        Encode(source);
        html.Append("</code></pre>");
        if (caption is not null)
        {
            html.Append("<figcaption>");
            Text(caption);
            html.Append("</figcaption>");
        }
        html.Append("</figure>");
        plain.Append('\n');
    }

    // As it was typed, which is what readers of feeds get; the site draws it (web/site/lib/formulas.ts). Nobody reads TeX aloud, so it does not count as words.
    void Formula(string tex, bool display)
    {
        html.Append(display ? "<code class=\"math math-display\">" : "<code class=\"math\">");
        Encode(tex.Trim());
        html.Append("</code>");
    }

    void Coloured(string code, Language language)
    {
        foreach (var token in CodeTokenizer.Tokenize(code, language))
        {
            budget.Spend();
            var role = token.Role switch
            {
                CodeRole.Comment => "tok-c", CodeRole.Keyword => "tok-k", CodeRole.Text => "tok-s", CodeRole.Number => "tok-n", CodeRole.Name => "tok-f", _ => null,
            };
            if (role is not null)
                html.Append("<span class=\"").Append(role).Append("\">");
            Encode(code.AsSpan(token.Start, token.Length));
            if (role is not null)
                html.Append("</span>");
        }
    }

    // ```rust title="src/main.rs"
    static string? CodeTitle(string info)
    {
        const string key = "title=\"";
        var start = info.IndexOf(key, StringComparison.Ordinal) + key.Length;
        var end = start < key.Length ? -1 : info.IndexOf('"', start);
        return end > start && end - start <= 100 ? info[start..end] : null;
    }
}
