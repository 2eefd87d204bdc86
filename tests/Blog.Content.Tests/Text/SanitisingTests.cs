using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Blog.Content.Text;

namespace Blog.Content.Tests;

/// <summary>The vectors of the OWASP XSS Filter Evasion Cheat Sheet and others, as HTML and as Markdown, in every place an author can write.</summary>
public sealed partial class SanitisingTests
{
    // Written down here once more, apart from the renderer's own rules.
    static readonly HashSet<string> HarmlessTags =
    [
        "p", "div", "span", "br", "hr", "wbr", "h2", "h3", "h4", "h5", "h6", "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "abbr", "cite", "q", "dfn",
        "code", "kbd", "samp", "var", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "details", "summary", "section",
        "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "colgroup", "col", "ruby", "rt", "rp", "bdi", "bdo", "time", "progress", "meter", "a", "img", "label", "input",
    ];

    static readonly HashSet<string> HarmlessAttributes =
    [
        "id", "class", "href", "src", "srcset", "sizes", "width", "height", "alt", "title", "rel", "loading", "decoding", "colspan", "rowspan", "span", "scope", "start", "reversed", "open",
        "datetime", "dir", "lang", "value", "max", "min", "low", "high", "optimum", "type", "checked", "disabled", "role", "tabindex", "aria-label", "aria-labelledby",
    ];

    [GeneratedRegex("^(tok-[cksnf]|code|table|tasks|footnotes|callout|callout-warn|callout-kind|num|center|link)$")]
    private static partial Regex OwnClass { get; }

    sealed record Vectors(string[] Html, string[] Markdown);

    static readonly Vectors All = JsonSerializer.Deserialize<Vectors>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Text/xss/vectors.json")), JsonSerializerOptions.Web)!;

    // Each place is a text with the vector in it.
    static readonly Func<string, string>[] Places =
    [
        v => v, v => $"Some prose {v} and more.", v => $"**bold {v}**", v => $"> {v}", v => $"- item\n\n  {v}\n", v => $"| a | b |\n|---|---|\n| {v.ReplaceLineEndings(" ")} | x |",
        v => $"<div>\n{v}\n</div>", v => $"<div>\n\n{v}\n\n</div>", v => $"[{v}](https://ok.example)", v => $"[x](https://ok.example \"{v}\")", v => $"![{v}](/media/{Rendered.Wide})",
        v => $"![x](/media/{Rendered.Wide} \"{v}\")", v => $"# {v}", v => $"x[^1]\n\n[^1]: {v}", v => $"```{v}\n{v}\n```", v => $"> [!NOTE]\n> {v}", v => $"- [ ] {v}",
        v => $"<table><tr><td>{v}</td></tr></table>", v => $"<details><summary>{v}</summary>{v}</details>", v => $"<a href=\"{v}\">x</a>", v => $"<a href='{v}'>x</a>", v => $"<abbr title=\"{v}\">x</abbr>",
        v => $"<svg>{v}</svg>", v => $"<math><mtext>{v}</mtext></math>", v => $"<noscript>{v}</noscript>", v => $"<select>{v}</select>", v => $"<!--{v}-->",
    ];

    [Fact]
    public void No_vector_survives_in_any_place()
    {
        All.Html.Length.ShouldBeGreaterThan(150);
        All.Markdown.Length.ShouldBeGreaterThan(75);
        var active = (from vector in All.Html.Concat(All.Markdown)
                      from place in Places
                      let text = place(vector)
                      let problem = ActiveContentOf(Rendered.Html(text))
                      where problem is not null
                      select $"{problem}: {text}").ToList();
        active.ShouldBeEmpty();
    }

    [Fact]
    public void No_vector_survives_in_a_response()
    {
        var active = (from vector in All.Html.Concat(All.Markdown)
                      from place in Places
                      let text = place(vector)
                      let problem = ActiveContentOf(ResponseRenderer.Render(text, ["ada"]).Html)
                      where problem is not null
                      select $"{problem}: {text}").ToList();
        active.ShouldBeEmpty();
    }

    [Fact]
    public void Rendered_html_means_the_same_to_a_browser_as_to_the_sanitiser()
    {
        // What is parsed and written again must not change: otherwise a browser could read something that was never checked.
        foreach (var vector in All.Html.Concat(All.Markdown))
        {
            var once = Rendered.Body(Rendered.Html(vector)).InnerHtml;
            Rendered.Body(once).InnerHtml.ShouldBe(once, customMessage: vector);
        }
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "script")]
    [InlineData("<p onclick=alert(1)>x</p>", "onclick")]
    [InlineData("<a href='javascript:alert(1)'>x</a>", "href")]
    [InlineData("<a href='java\tscript:alert(1)'>x</a>", "href")]
    [InlineData("<p style='x'>x</p>", "style")]
    [InlineData("<p class='sneaky'>x</p>", "class")]
    [InlineData("<img src=x srcset='javascript:alert(1) 1x'>", "src")]
    public void The_check_itself_finds_active_content(string html, string what) => ActiveContentOf(html).ShouldNotBeNull().ShouldContain(what);

    static string? ActiveContentOf(string html)
    {
        foreach (var element in Rendered.Body(html).Descendants().OfType<IElement>())
        {
            if (!HarmlessTags.Contains(element.LocalName) || element.NamespaceUri != "http://www.w3.org/1999/xhtml")
                return $"element {element.LocalName}";
            foreach (var attribute in element.Attributes)
            {
                var isFine = attribute.Name switch
                {
                    "href" => IsHarmlessAddress(attribute.Value),
                    "src" => attribute.Value.StartsWith("/images/", StringComparison.Ordinal) || attribute.Value.StartsWith("/media/", StringComparison.Ordinal),
                    "srcset" => attribute.Value.Split(", ").All(candidate => candidate.StartsWith("/images/", StringComparison.Ordinal)),
                    "class" => element.ClassList.All(name => OwnClass.IsMatch(name)),
                    "type" => attribute.Value == "checkbox",
                    "id" => attribute.Value.All(c => c != '_' && !char.IsUpper(c)),
                    _ => HarmlessAttributes.Contains(attribute.Name),
                };
                if (!isFine)
                    return $"attribute {attribute.Name}={attribute.Value}";
            }
            if (element.LocalName == "input" && !element.HasAttribute("disabled"))
                return "input that can be used";
        }
        return null;
    }

    // As a browser reads it: without C0 controls and spaces around it, without tabs and line ends anywhere.
    static bool IsHarmlessAddress(string address)
    {
        var read = new string([.. address.Where(c => c is not ('\t' or '\n' or '\r'))]).Trim([.. Enumerable.Range(0, 33).Select(i => (char)i)]);
        var scheme = Regex.Match(read, "^([a-zA-Z][a-zA-Z0-9+.-]*):");
        return !scheme.Success || scheme.Groups[1].Value.ToLowerInvariant() is "http" or "https" or "mailto" or "tel";
    }
}
