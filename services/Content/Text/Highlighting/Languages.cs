using System.Collections.Frozen;

namespace Blog.Content.Text.Highlighting;

/// <summary>The languages that are coloured; every other one is shown as it is.</summary>
public static class Languages
{
    static readonly Quote Double = new("\"", "\"");
    static readonly Quote Single = new("'", "'");
    static readonly Quote Backtick = new("`", "`", ManyLines: true);
    static readonly (string, string)[] SlashStar = [("/*", "*/")];

    static readonly Language[] All =
    [
        new("Rust", "rust", "rs")
        {
            Keywords = Words("""
                as async await break const continue crate dyn else enum extern false fn for if impl in let loop macro_rules match mod move mut pub ref
                return self Self static struct super trait true type union unsafe use where while yield
                bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize
                """),
            Declaring = Words("fn struct enum trait mod macro_rules union"),
            LineComments = ["//"], BlockComments = SlashStar, CommentsNest = true,
            Quotes = [Double with { ManyLines = true }, Single], HasHashedRawStrings = true, HasLifetimes = true, HasDirectives = true, NameCharacters = "!",
        },
        new("C#", "csharp", "cs", "c#", "dotnet")
        {
            Keywords = Words("""
                abstract and as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum
                event explicit extern false file finally fixed float for foreach get global goto if implicit in init int interface internal is lock long
                nameof namespace new not null object operator or out override params partial private protected public readonly record ref required return
                sbyte scoped sealed set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort
                using value var virtual void volatile when where while with yield
                """),
            Declaring = Words("class struct record interface enum namespace"),
            LineComments = ["//"], BlockComments = SlashStar, HasDirectives = true,
            Quotes = [new("\"\"\"", "\"\"\"", '\0', true), new("@\"", "\"", '\0', true), Double, Single],
        },
        new("C", "c", "h")
        {
            Keywords = Words(C), Declaring = Words("struct enum union"), LineComments = ["//"], BlockComments = SlashStar, HasDirectives = true, Quotes = [Double, Single],
        },
        new("C++", "cpp", "c++", "cxx", "cc", "hpp", "objc", "arduino")
        {
            Keywords = Words(C + """
                 alignas alignof catch class co_await co_return co_yield concept const_cast consteval constexpr constinit decltype delete dynamic_cast
                explicit export final friend mutable namespace new noexcept nullptr operator override private protected public reinterpret_cast requires
                static_assert static_cast template this thread_local throw try typeid typename using virtual wchar_t
                """),
            Declaring = Words("class struct enum union namespace concept"), LineComments = ["//"], BlockComments = SlashStar, HasDirectives = true,
            Quotes = [new("R\"(", ")\"", '\0', true), Double, Single],
        },
        new("Java", "java")
        {
            Keywords = Words("""
                abstract assert boolean break byte case catch char class continue default do double else enum exports extends false final finally float for
                if implements import instanceof int interface long module native new null package permits private protected public record requires return
                sealed short static strictfp super switch synchronized this throw throws transient true try var void volatile when while yield
                """),
            Declaring = Words("class interface enum record"), LineComments = ["//"], BlockComments = SlashStar,
            Quotes = [new("\"\"\"", "\"\"\"", '\\', true), Double, Single], NameCharacters = "@",
        },
        new("Kotlin", "kotlin", "kt", "kts")
        {
            Keywords = Words("""
                as break by class companion const continue data do else enum false final for fun if import in inline interface internal is lateinit null
                object open operator out override package private protected public reified return sealed super suspend this throw true try typealias val
                var vararg when where while
                """),
            Declaring = Words("class interface object fun"), LineComments = ["//"], BlockComments = SlashStar, CommentsNest = true,
            Quotes = [new("\"\"\"", "\"\"\"", '\0', true), Double, Single], NameCharacters = "@",
        },
        new("Swift", "swift")
        {
            Keywords = Words("""
                actor any as associatedtype async await break case catch class continue default defer deinit do else enum extension fallthrough false
                fileprivate final for func guard if import in init inout internal is lazy let mutating nil open operator override private protocol public
                repeat rethrows return self Self some static struct subscript super switch throw throws true try typealias var weak where while
                """),
            Declaring = Words("class struct enum protocol func actor extension"), LineComments = ["//"], BlockComments = SlashStar, CommentsNest = true,
            Quotes = [new("\"\"\"", "\"\"\"", '\\', true), Double], NameCharacters = "@#",
        },
        new("Go", "go", "golang")
        {
            Keywords = Words("""
                any bool break byte case chan comparable complex64 complex128 const continue default defer else error fallthrough false float32 float64 for
                func go goto if import int int8 int16 int32 int64 interface iota map nil package range return rune select string struct switch true type
                uint uint8 uint16 uint32 uint64 uintptr var
                """),
            Declaring = Words("func type package"), LineComments = ["//"], BlockComments = SlashStar, Quotes = [new("`", "`", '\0', true), Double, Single],
        },
        new("JavaScript", "javascript", "js", "jsx", "mjs", "cjs", "node") { Keywords = Words(Script), Declaring = Words("function class"), LineComments = ["//"], BlockComments = SlashStar, Quotes = [Backtick, Double, Single], NameCharacters = "$" },
        new("TypeScript", "typescript", "ts", "tsx", "mts")
        {
            Keywords = Words(Script + """
                 abstract any as asserts bigint boolean declare enum implements infer interface is keyof namespace never number object override private
                protected public readonly satisfies string symbol type unique unknown
                """),
            Declaring = Words("function class interface type enum namespace"), LineComments = ["//"], BlockComments = SlashStar, Quotes = [Backtick, Double, Single], NameCharacters = "$",
        },
        new("JSON", "json", "jsonc", "json5", "ndjson") { Keywords = Words("true false null"), LineComments = ["//"], BlockComments = SlashStar, Quotes = [Double] },
        new("Python", "python", "py", "python3", "pycon")
        {
            Keywords = Words("""
                False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda
                match nonlocal not or pass raise return self try type while with yield
                """),
            Declaring = Words("def class"), LineComments = ["#"],
            Quotes = [new("\"\"\"", "\"\"\"", '\\', true), new("'''", "'''", '\\', true), Double, Single], NameCharacters = "@",
        },
        new("Ruby", "ruby", "rb")
        {
            Keywords = Words("""
                alias and begin break case class def defined? do else elsif end ensure false for if in module next nil not or raise redo require rescue
                retry return self super then true undef unless until when while yield
                """),
            Declaring = Words("def class module"), LineComments = ["#"], BlockComments = [("=begin", "=end")], Quotes = [Double with { ManyLines = true }, Single with { ManyLines = true }, new("`", "`")], NameCharacters = "@?",
        },
        new("PHP", "php")
        {
            Keywords = Words("""
                abstract and array as break case catch class clone const continue declare default do echo else elseif enum extends false final finally fn for
                foreach function global if implements include instanceof interface match namespace new null or print private protected public readonly
                require return static switch throw trait true try use var while yield
                """),
            Declaring = Words("function class interface trait enum"), LineComments = ["//", "#"], BlockComments = SlashStar, Quotes = [Double, Single], NameCharacters = "$",
        },
        new("Shell", "sh", "bash", "shell", "zsh", "fish", "posix")
        {
            Keywords = Words("""
                alias break case cd continue do done echo elif else esac eval exec exit export fi for function if in local read return set shift source sudo
                then trap unset until while
                """),
            Declaring = Words("function"), LineComments = ["#"], Quotes = [Double with { ManyLines = true }, new("'", "'", '\0', true)], NameCharacters = "$-",
        },
        new("Console", "console", "terminal", "shell-session", "shellsession") { Shape = CodeShape.Session },
        new("PowerShell", "powershell", "ps1", "pwsh")
        {
            Keywords = Words("begin break catch class continue do else elseif end enum exit filter finally for foreach function if in param process return switch throw trap try until using while"),
            IgnoresCase = true, Declaring = Words("function class"), LineComments = ["#"], BlockComments = [("<#", "#>")], Quotes = [Double with { Escape = '`' }, Single with { Escape = '\0' }], NameCharacters = "$-",
        },
        new("SQL", "sql", "pgsql", "postgres", "postgresql", "mysql", "sqlite", "plsql")
        {
            Keywords = Words("""
                add all alter analyze and any array as asc begin between bigint boolean by cascade case cast char check coalesce column commit concurrently
                conflict constraint create cross current_timestamp database date default delete desc distinct do drop else end except exists explain false
                fetch for foreign from full function grant group having if in index inner insert int integer intersect interval into is join key lateral
                left like limit lock not nothing null numeric offset on or order outer over partition primary references returning right rollback row
                select serial set table text then time timestamp timestamptz to transaction trigger true truncate union unique update using uuid values
                varchar view when where with
                """),
            IgnoresCase = true, LineComments = ["--"], BlockComments = SlashStar, Quotes = [new("'", "'", '\0', true), new("\"", "\"", '\0'), new("$$", "$$", '\0', true)],
        },
        new("HTML", "html", "htm", "xhtml", "vue", "svelte", "razor", "handlebars") { Shape = CodeShape.Markup },
        new("XML", "xml", "svg", "xaml", "csproj", "rss", "mathml") { Shape = CodeShape.Markup },
        new("CSS", "css", "scss", "less", "sass") { Shape = CodeShape.Stylesheet, LineComments = [], BlockComments = SlashStar, Quotes = [Double, Single] },
        new("TOML", "toml", "cargo") { Shape = CodeShape.KeysAndValues, Keywords = Words("true false inf nan"), LineComments = ["#"], Quotes = [new("\"\"\"", "\"\"\"", '\\', true), new("'''", "'''", '\0', true), Double, Single with { Escape = '\0' }] },
        new("YAML", "yaml", "yml") { Shape = CodeShape.KeysAndValues, Keywords = Words("true false null yes no on off"), LineComments = ["#"], Quotes = [Double, Single with { Escape = '\0' }] },
        new("INI", "ini", "cfg", "conf", "properties", "editorconfig", "env", "dotenv", "systemd") { Shape = CodeShape.KeysAndValues, Keywords = Words("true false yes no on off"), LineComments = ["#", ";"], Quotes = [Double] },
        new("Diff", "diff", "patch") { Shape = CodeShape.Difference },
        new("Dockerfile", "dockerfile", "docker") { Keywords = Words("ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM AS HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR"), LineComments = ["#"], Quotes = [Double, Single] },
        new("Makefile", "makefile", "make", "mk") { Keywords = Words("define else endef endif export ifdef ifeq ifndef ifneq include override"), LineComments = ["#"], Quotes = [Double, Single], NameCharacters = "$-" },
        new("Lua", "lua") { Keywords = Words("and break do else elseif end false for function goto if in local nil not or repeat return then true until while"), Declaring = Words("function"), LineComments = ["--"], BlockComments = [("--[[", "]]")], Quotes = [new("[[", "]]", '\0', true), Double, Single] },
        new("Protocol Buffers", "proto", "protobuf") { Keywords = Words("bool bytes double enum extend fixed32 fixed64 float import int32 int64 map message oneof option package repeated reserved returns rpc service stream string syntax uint32 uint64"), Declaring = Words("message enum service rpc"), LineComments = ["//"], BlockComments = SlashStar, Quotes = [Double, Single] },
        new("GraphQL", "graphql", "gql") { Keywords = Words("directive enum extend fragment implements input interface mutation on query scalar schema subscription type union true false null"), LineComments = ["#"], Quotes = [new("\"\"\"", "\"\"\"", '\0', true), Double], NameCharacters = "$@" },
    ];

    static readonly FrozenDictionary<string, Language> ByTag =
        All.SelectMany(language => language.Tags.Select(tag => (tag, language))).ToFrozenDictionary(pair => pair.tag, pair => pair.language, StringComparer.OrdinalIgnoreCase);

    /// <summary>The language an info string names ("rust,no_run", "js {3-5}", "c++"), or null.</summary>
    public static Language? Of(string infoString)
    {
        var end = infoString.AsSpan().IndexOfAny(" ,{\t");
        return ByTag.GetValueOrDefault((end < 0 ? infoString : infoString[..end]).TrimStart('.'));
    }

    const string C = """
        auto bool break case char const continue default do double else enum extern false float for goto if inline int long register restrict return short
        signed size_t sizeof static struct switch true typedef union unsigned void volatile while NULL int8_t int16_t int32_t int64_t uint8_t uint16_t
        uint32_t uint64_t
        """;

    const string Script = """
        async await break case catch class const continue debugger default delete do else export extends false finally for from function get if import in
        instanceof let new null of return set static super switch this throw true try typeof undefined var void while with yield
        """;

    static HashSet<string> Words(string words) => [.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
