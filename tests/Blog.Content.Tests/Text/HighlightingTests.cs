using Blog.Content.Text.Highlighting;

namespace Blog.Content.Tests;

public sealed class HighlightingTests
{
    // "keyword:fn name:main" and so on, without what is plain.
    static string Roles(string tag, string code) => string.Join(' ', CodeTokenizer.Tokenize(code, Languages.Of(tag)!)
        .Where(token => token.Role != CodeRole.Plain).Select(token => $"{char.ToLowerInvariant(token.Role.ToString()[0])}:{code.Substring(token.Start, token.Length).Replace(' ', '_').Replace('\n', '/')}"));

    [Theory]
    [InlineData("rust", "fn f<'a>(x: &'a str) -> char { 'x' }", "k:fn n:f n:'a n:'a k:str k:char t:'x'")]
    [InlineData("rust", "#[derive(Debug)]\nlet s = r#\"a \"b\" c\"#; println!(\"{}\", 1_000u64);", "n:#[derive(Debug)] k:let t:r#\"a_\"b\"_c\"# n:println! t:\"{}\" n:1_000u64")]
    [InlineData("rust", "/* a /* b */ c */ if a != b {}", "c:/*_a_/*_b_*/_c_*/ k:if")]
    [InlineData("c#", "public sealed class Tide { /* x */ string S => \"\"\"a \"b\" c\"\"\"; }", "k:public k:sealed k:class n:Tide c:/*_x_*/ k:string t:\"\"\"a_\"b\"_c\"\"\"")]
    [InlineData("cpp", "#include <map>\nint main() { return 0x1F; } // end", "k:#include k:int n:main k:return n:0x1F c://_end")]
    [InlineData("java", "@Override public void run() { throw new E(\"x\\\"y\"); }", "k:public k:void n:run k:throw k:new n:E t:\"x\\\"y\"")]
    [InlineData("go", "func main() { s := `a\nb` }", "k:func n:main t:`a/b`")]
    [InlineData("ts", "const a: number = await f(`x ${1}`);", "k:const k:number k:await n:f t:`x_${1}`")]
    [InlineData("json", "{\"a\": [1, true, null]}", "t:\"a\" n:1 k:true k:null")]
    [InlineData("python", "def f(x): # note\n    return '''a\nb'''", "k:def n:f c:#_note k:return t:'''a/b'''")]
    [InlineData("ruby", "class A; def b; @c = :d; end; end # x", "k:class n:A k:def n:b k:end k:end c:#_x")]
    [InlineData("bash", "for f in *.md; do echo \"$f\"; done # all", "k:for k:in k:do k:echo t:\"$f\" k:done c:#_all")]
    [InlineData("console", "$ cargo run\nHello\n# root", "c:$ n:cargo c:#_root")]
    [InlineData("sql", "SELECT a FROM t WHERE b = 'it''s' -- x", "k:SELECT k:FROM k:WHERE t:'it' t:'s' c:--_x")]
    [InlineData("html", "<a href=\"x\">&amp;</a><!-- c -->", "k:<a n:href t:\"x\" k:> n:&amp; k:</a k:> c:<!--_c_-->")]
    [InlineData("css", ".a { color: #fff; margin: 2px }", "n:.a k:color n:#fff k:margin n:2px")]
    [InlineData("toml", "[a]\nb = \"c\" # d\ne = 1", "k:[a] n:b_ t:\"c\" c:#_d n:e_ n:1")]
    [InlineData("yaml", "a:\n  - b: true # c", "n:a n:b k:true c:#_c")]
    [InlineData("ini", "; x\na=1", "c:;_x n:a n:1")]
    [InlineData("diff", "@@ -1 +1 @@\n-old\n+new\n same", "k:@@_-1_+1_@@ n:-old t:+new")]
    public void Code_is_coloured_by_the_part_it_plays(string tag, string code, string roles) => Roles(tag, code).ShouldBe(roles);

    [Theory]
    [InlineData("rust,no_run", "Rust")]
    [InlineData("rs {3-5}", "Rust")]
    [InlineData("C++", "C++")]
    [InlineData("JSON", "JSON")]
    public void A_language_is_known_by_its_info_string(string info, string name) => Languages.Of(info)!.Name.ShouldBe(name);

    [Fact]
    public void No_character_is_lost_whatever_the_code()
    {
        string[] tags = ["rust", "cs", "cpp", "java", "kotlin", "swift", "go", "js", "ts", "json", "py", "rb", "php", "sh", "console", "ps1", "sql", "html", "css", "toml", "yaml", "ini", "diff", "docker", "make", "lua", "proto", "graphql"];
        string[] pieces = ["\"", "'", "`", "/*", "*/", "//", "#", "[", "]", "<", ">", "<!--", "-->", "\\", "\n", " ", "a", "fn", "r#\"", "1.5e3", "$", "@", "--", "{", "}", "=", ":", ";", "é", "🚀", "\"\"\"", "'a", "&", "\t"];
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var code = string.Concat(Enumerable.Range(0, random.Next(25)).Select(_ => pieces[random.Next(pieces.Length)]));
            var tag = tags[round % tags.Length];
            var tokens = CodeTokenizer.Tokenize(code, Languages.Of(tag)!);
            string.Concat(tokens.Select(token => code.Substring(token.Start, token.Length))).ShouldBe(code, tag);
            tokens.ShouldAllBe(token => token.Length > 0);
        }
    }
}
