namespace Blog.Search.Words;

enum TokenKind
{
    /// <summary>A word as it stands between spaces.</summary>
    Word,

    /// <summary>A whole that consists of the words after it: "crates.io", "no_std", "e-mail" (as "email").</summary>
    Whole,

    /// <summary>Two neighbouring signs of a script without spaces; neighbours overlap.</summary>
    Pair,

    /// <summary>The last sign of such a row, or the only one.</summary>
    Last,
}

/// <param name="Start">In the text, in UTF-16 code units.</param>
/// <param name="Length">In the text.</param>
/// <param name="Form">Folded; see <see cref="Folding"/>.</param>
/// <param name="Position">Counts the words of the text; a whole has that of its first part.</param>
readonly record struct Token(int Start, int Length, string Form, TokenKind Kind, int Position)
{
    public int End => Start + Length;
}
