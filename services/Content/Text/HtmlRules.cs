using System.Collections.Frozen;

namespace Blog.Content.Text;

/// <summary>The allow-list: which tags an article may have, with which attributes. Everything else is not written.</summary>
static class HtmlRules
{
    /// <summary>Tags written as they are, with the attributes each may have.</summary>
    public static readonly FrozenDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["p"] = [], ["div"] = [], ["span"] = [], ["br"] = [], ["hr"] = [], ["wbr"] = [],
        ["em"] = [], ["strong"] = [], ["b"] = [], ["i"] = [], ["u"] = [], ["s"] = [], ["del"] = ["datetime"], ["ins"] = ["datetime"],
        ["sub"] = [], ["sup"] = [], ["small"] = [], ["mark"] = [], ["abbr"] = ["title"], ["cite"] = [], ["q"] = [], ["dfn"] = [],
        ["code"] = [], ["kbd"] = [], ["samp"] = [], ["var"] = [], ["pre"] = [],
        ["blockquote"] = [], ["ul"] = [], ["ol"] = ["start", "reversed"], ["li"] = [], ["dl"] = [], ["dt"] = [], ["dd"] = [],
        ["figure"] = [], ["figcaption"] = [], ["details"] = ["open"], ["summary"] = [],
        ["table"] = [], ["caption"] = [], ["thead"] = [], ["tbody"] = [], ["tfoot"] = [], ["tr"] = [],
        ["th"] = ["colspan", "rowspan"], ["td"] = ["colspan", "rowspan"], ["colgroup"] = [], ["col"] = ["span"],
        ["ruby"] = [], ["rt"] = [], ["rp"] = [], ["bdi"] = [], ["bdo"] = [], ["time"] = ["datetime"],
        ["progress"] = ["value", "max"], ["meter"] = ["value", "min", "max", "low", "high", "optimum"],
    }.ToFrozenDictionary();

    /// <summary>Old or page-level tags, and the tag written instead.</summary>
    public static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string>
    {
        ["aside"] = "div", ["section"] = "div", ["article"] = "div", ["header"] = "div", ["footer"] = "div", ["main"] = "div", ["nav"] = "div", ["address"] = "div",
        ["center"] = "div", ["hgroup"] = "div", ["strike"] = "s", ["tt"] = "code", ["acronym"] = "abbr",
    }.ToFrozenDictionary();

    /// <summary>Attributes of every allowed tag, with the values they may have.</summary>
    public static bool IsAllowedEverywhere(string attribute, string value) => attribute switch
    {
        "dir" => value is "ltr" or "rtl" or "auto",
        "lang" => value.Length is > 0 and <= 35 && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'),
        _ => false,
    };

    /// <summary>What an allowed attribute may say.</summary>
    public static bool IsAllowedValue(string attribute, string value) => attribute switch
    {
        "title" => value.Length <= 400,
        "datetime" => value.Length <= 40,
        "open" or "reversed" => true,
        _ => value.Length is > 0 and <= 12 && value.All(c => char.IsAsciiDigit(c) || c is '.' or '-'),
    };

    /// <summary>Tags that vanish with all they hold: their content is not text for readers, or another language with rules of its own.</summary>
    public static readonly FrozenSet<string> Dropped = new[]
    {
        "script", "style", "template", "iframe", "frame", "frameset", "object", "embed", "applet", "param", "svg", "math", "audio", "video", "source", "track", "canvas",
        "form", "input", "button", "select", "option", "optgroup", "textarea", "datalist", "output", "title", "head", "base", "link", "meta", "noembed", "noframes", "plaintext",
        "xmp", "portal", "fencedframe", "dialog", "map", "area", "slot",
    }.ToFrozenSet();

    /// <summary>Tags whose names readers know from HTML. A tag in a line of prose that is none of them ("Vec&lt;T&gt;") is text.</summary>
    public static bool IsKnown(string name) => Allowed.ContainsKey(name) || Renamed.ContainsKey(name) || KnownOthers.Contains(name);

    static readonly FrozenSet<string> KnownOthers = new[]
    {
        "a", "img", "picture", "h1", "h2", "h3", "h4", "h5", "h6", "font", "big", "nobr", "noscript", "label",
    }.ToFrozenSet();

    public static readonly FrozenSet<string> Void = new[] { "br", "hr", "wbr", "col", "img", "input" }.ToFrozenSet();
}
