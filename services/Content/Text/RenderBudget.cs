using System.Diagnostics;

namespace Blog.Content.Text;

/// <summary>Why a Markdown text cannot become an article.</summary>
public enum RenderProblem
{
    /// <summary>More than <see cref="MarkdownRenderer.LargestMarkdown"/> bytes.</summary>
    TooLarge,

    /// <summary>Quotes, lists, emphasis or tags inside one another beyond what any reader could follow.</summary>
    TooDeep,

    /// <summary>The text is built so that reading it takes longer than it is worth.</summary>
    TooSlow,
}

/// <summary>The text was refused; the message says why, in words for its author.</summary>
public sealed class MarkdownRefusedException(RenderProblem problem, string message) : Exception(message)
{
    /// <summary>Which limit it met.</summary>
    public RenderProblem Problem { get; } = problem;
}

/// <summary>
/// The time one rendering may take. Parsers are asked between their steps, each of which is linear, so a text made to be slow
/// (100 KB of "[a](b") ends at the deadline instead of holding a core.
/// </summary>
public sealed class RenderBudget(TimeSpan limit, CancellationToken cancellation = default)
{
    readonly long start = Stopwatch.GetTimestamp();
    int steps;

    /// <summary>How long a rendering may take: 2 MB of ordinary text need a tenth of it.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(4);

    /// <summary>Throws when the time is over. Cheap enough for every token.</summary>
    public void Spend()
    {
        if ((++steps & 0x3F) == 0)
            Check();
    }

    /// <summary>Throws when the time is over.</summary>
    public void Check()
    {
        cancellation.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(start) > limit)
            throw new MarkdownRefusedException(RenderProblem.TooSlow, "This text takes too long to turn into a page. It probably repeats an opening bracket or tag very many times.");
    }
}
