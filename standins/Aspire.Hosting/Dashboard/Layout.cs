namespace Aspire.Hosting.Dashboard;

/// <summary>What is around every page.</summary>
static class Layout
{
    static readonly (string Key, string Address, string Text)[] Places =
    [
        ("resources", "/", "Resources"),
        ("traces", "/traces", "Traces"),
        ("logs", "/logs", "Logs"),
        ("metrics", "/metrics", "Metrics"),
    ];

    public static Html Page(DashboardName name, string title, string place, Html content) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title} · {name.Text}</title>
        <link rel="stylesheet" href="/dashboard.css">
        <link rel="icon" href="data:,">
        <script src="/dashboard.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header><a class="name" href="/">{name.Text}</a><nav aria-label="Main">{Places.Select(p => Html.Of(
            $"<a href=\"{p.Address}\"{(p.Key == place ? Html.Of($" aria-current=\"page\"") : Html.Empty)}>{p.Text}</a>"))}</nav>
        <button class="theme" type="button" data-theme-button aria-label="Change between light and dark">◐</button></header>
        <main id="main">{content}</main>
        </body>
        </html>
        """);
}
