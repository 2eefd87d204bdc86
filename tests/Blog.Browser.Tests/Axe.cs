using Blog.SystemTesting;
using Microsoft.Playwright;

namespace Blog.Browser.Tests;

/// <summary>axe-core in a page. It comes in through the debugger, so that no content policy has to make room for it.</summary>
static class Axe
{
    static readonly string Source = File.ReadAllText(Path.Combine(RunningBlog.RepositoryRoot, "web", "node_modules", "axe-core", "axe.min.js"));

    const string Run =
        """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
          .flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}\n    ${html}\n    ${failureSummary}`))
        """;

    /// <summary>Each violation of each rule, with the element.</summary>
    public static async Task<string[]> ViolationsAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window")) await page.EvaluateAsync($"() => {{ {Source}\n }}");
        return await page.EvaluateAsync<string[]>(Run);
    }
}
