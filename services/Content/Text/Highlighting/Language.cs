namespace Blog.Content.Text.Highlighting;

/// <summary>The part a piece of code plays; the site's tokens.css has a colour for each.</summary>
public enum CodeRole
{
    Plain,
    Comment,
    Keyword,
    Text,
    Number,
    Name,
}

/// <summary>What tells the tokenizer how a family of languages is written.</summary>
public enum CodeShape
{
    /// <summary>Statements of keywords, names, literals.</summary>
    Statements,

    /// <summary>Tags and attributes.</summary>
    Markup,

    /// <summary>Selectors, properties and values.</summary>
    Stylesheet,

    /// <summary>Keys, a separator, values.</summary>
    KeysAndValues,

    /// <summary>Lines that begin with + - @ and headers.</summary>
    Difference,

    /// <summary>Prompts with commands, and what they print.</summary>
    Session,
}

/// <summary>A quoted literal: how it opens and closes.</summary>
/// <param name="Open">As written, e.g. """ .</param>
/// <param name="Close">As written.</param>
/// <param name="Escape">The character that takes the next one along, or '\0'.</param>
/// <param name="ManyLines">Whether it may run over the end of a line.</param>
public sealed record Quote(string Open, string Close, char Escape = '\\', bool ManyLines = false);

/// <summary>How a language is written, as far as colouring it needs to know.</summary>
public sealed record Language(string Name, params string[] Tags)
{
    public CodeShape Shape { get; init; } = CodeShape.Statements;

    public IReadOnlySet<string> Keywords { get; init; } = new HashSet<string>();

    /// <summary>Lower and upper case are the same in keywords.</summary>
    public bool IgnoresCase { get; init; }

    public string[] LineComments { get; init; } = [];

    public (string Open, string Close)[] BlockComments { get; init; } = [];

    /// <summary>Block comments nest (Rust).</summary>
    public bool CommentsNest { get; init; }

    /// <summary>Longest opening first.</summary>
    public Quote[] Quotes { get; init; } = [];

    /// <summary>A name after one of these is declared here: fn, def, class.</summary>
    public IReadOnlySet<string> Declaring { get; init; } = new HashSet<string>();

    /// <summary>Characters that names have beside letters, digits and underscore.</summary>
    public string NameCharacters { get; init; } = "";

    /// <summary>Openings of raw strings whose close repeats the hashes: r#"…"# (Rust).</summary>
    public bool HasHashedRawStrings { get; init; }

    /// <summary>'a is a lifetime or label unless a quote follows (Rust).</summary>
    public bool HasLifetimes { get; init; }

    /// <summary>A # at the start of a line gives the compiler an instruction (C) or #[…] an attribute (Rust).</summary>
    public bool HasDirectives { get; init; }
}
