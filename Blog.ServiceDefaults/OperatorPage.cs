using System.Net;

namespace Blog.ServiceDefaults;

/// <summary>How a page for operators looks. Such pages are on a service's inner HTTP port, which nobody outside reaches.</summary>
public static class OperatorPage
{
    const string Style = """
        :root { color-scheme: light dark; --line: #8884; --quiet: light-dark(#5c5c66, #a2a2ad); --bad: light-dark(#b3261e, #ff8a80) }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem } p { color: var(--quiet) }
        .scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
        th, td { text-align: left; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
        th { font-weight: 600 } .n { text-align: right; font-variant-numeric: tabular-nums } .bad { color: var(--bad); font-weight: 600 } code { font-size: .9em }
        form { display: inline } button { font: inherit; padding: .2rem .7rem; border: 1px solid var(--line); border-radius: .4rem; background: none; color: inherit; cursor: pointer }
        """;

    /// <summary>The page around its content; it is read again every five seconds.</summary>
    /// <param name="title">Text.</param>
    /// <param name="content">HTML.</param>
    public static string Around(string title, string content) => $"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="5">
        <title>{Text(title)}</title><style>{Style}</style></head><body><main><h1>{Text(title)}</h1>{content}</main></body></html>
        """;

    /// <summary>Text as HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);
}
