using Blog.SystemTesting;
using Microsoft.Playwright;

namespace Blog.Browser.Tests;

/// <summary>axe-core in a page. It comes in through the debugger, so that no content policy has to make room for it.</summary>
static class Axe
{
    static readonly string Source = File.ReadAllText(Path.Combine(RunningBlog.RepositoryRoot, "web", "node_modules", "axe-core", "axe.min.js"));

    // Contrast is held to level AA (design tokens); asking for rules by their tags would bring in AAA, which is off otherwise.
    const string Run =
        """
        async tags => (await axe.run(document, { resultTypes: ['violations'], ...(tags && { runOnly: tags }), rules: { 'color-contrast-enhanced': { enabled: false } } })).violations
          .flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}\n    ${html}\n    ${failureSummary}`))
        """;

    /// <summary>Each violation of each rule, with the element.</summary>
    /// <param name="page">What to look at.</param>
    /// <param name="tags">Only the rules with these tags (https://www.deque.com/axe/core-documentation/api-documentation/#axe-core-tags).</param>
    public static async Task<string[]> ViolationsAsync(IPage page, params string[]? tags)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window")) await page.EvaluateAsync($"() => {{ {Source}\n }}");
        return await page.EvaluateAsync<string[]>(Run, tags is { Length: > 0 } ? tags : null);
    }
}
