// What Markdown there is to try: every example of the CommonMark specification, those of GFM's extensions (GFM 0.29, sections 4.10, 5.3, 6.5, 6.9 and 6.11), and cases that editors get wrong.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

export interface Example {
  name: string;
  markdown: string;
}

export function commonMark(): Example[] {
  const text = readFileSync(createRequire(import.meta.url).resolve("commonmark-spec/spec.txt"), "utf8");
  const examples = [...text.replaceAll("→", "\t").matchAll(/^`{32} example\n([^]*?)^\.\n[^]*?^`{32}$/gm)];
  return examples.map(([, markdown = ""], index) => ({ name: `CommonMark ${index + 1}`, markdown }));
}

const named = (name: string, texts: readonly string[]): Example[] => texts.map((markdown, index) => ({ name: `${name} ${index + 1}`, markdown }));

export const gfm = (): Example[] => [
  ...named("GFM table", [
    "| foo | bar |\n| --- | --- |\n| baz | bim |\n",
    "| abc | defghi |\n:-: | -----------:\nbar | baz\n",
    "| f\\|oo  |\n| ------ |\n| b `\\|` az |\n| b **\\|** im |\n",
    "| abc | def |\n| --- | --- |\n| bar | baz |\n> bar\n",
    "| abc | def |\n| --- | --- |\n| bar | baz |\nbar\n\nbar\n",
    "| abc | def |\n| --- |\n| bar |\n",
    "| abc | def |\n| --- | --- |\n| bar |\n| bar | baz | boo |\n",
    "| abc | def |\n| --- | --- |\n",
  ]),
  ...named("GFM task", ["- [ ] foo\n- [x] bar\n", "- [x] foo\n  - [ ] bar\n  - [x] baz\n- [ ] bim\n"]),
  ...named("GFM strikethrough", ["~~Hi~~ Hello, ~there~ world!\n", "This ~~has a\n\nnew paragraph~~.\n", "This will ~~~not~~~ strike.\n"]),
  ...named("GFM autolink", [
    "www.commonmark.org\n",
    "Visit www.commonmark.org/help for more information.\n",
    "Visit www.commonmark.org.\n\nVisit www.commonmark.org/a.b.\n",
    "www.google.com/search?q=Markup+(business)\n\nwww.google.com/search?q=Markup+(business)))\n\n(www.google.com/search?q=Markup+(business))\n\n(www.google.com/search?q=Markup+(business)\n",
    "www.google.com/search?q=(business))+ok\n",
    "www.google.com/search?q=commonmark&hl=en\n\nwww.google.com/search?q=commonmark&hl;\n",
    "www.commonmark.org/he<lp\n",
    "http://commonmark.org\n\n(Visit https://encrypted.google.com/search?q=Markup+(business))\n",
    "foo@bar.baz\n",
    "hello@mail+xyz.example isn't valid, but hello+xyz@mail.example is.\n",
    "a.b-c_d@a.b\n\na.b-c_d@a.b.\n\na.b-c_d@a.b-\n\na.b-c_d@a.b_\n",
  ]),
  ...named("GFM tags", ["<strong> <title> <style> <em>\n\n<blockquote>\n  <xmp> is disallowed.  <XMP> is also disallowed.\n</blockquote>\n"]),
];

export const edges = (): Example[] =>
  named("Edge", [
    "\\# not a heading\n",
    "1\\. not a list\n\n12\\) nor this\n",
    "\\- not a list\n\n\\+ nor this\n\n\\* nor this\n",
    "\\---\n\n\\***\n\n\\===\n",
    "Words\n\\---\n",
    "````\n```\ncode in code\n```\n````\n",
    "~~~ruby\n```\n~~~\n",
    "Words ![a *picture*](a.png \"Title\") among words.\n",
    "![A tide gauge](/media/0b7c6c2e-7e0f-4c49-9d3a-0d6c6f3b8f11 \"At Kell\")\n",
    "[![badge](b.svg)](https://x.example)\n",
    "- ![in an item](a.png)\n",
    "<div class=\"x\">\n  <b>kept</b>\n</div>\n",
    "Press <kbd>Ctrl</kbd> and H<sub>2</sub>O.\n",
    "A note[^1] and another[^long name].\n\n[^1]: The *note*.\n[^long name]: Two.\n\n    Paragraphs.\n",
    "**bold **and** more**\n",
    "**bold&#x20;**text\n",
    "*a **b*** **c *d***\n",
    "***a** b*\n\n***a* b**\n\n**_a_**\n\n_**a**_\n",
    "**[a link](x)** and [**a link**](x)\n",
    "| a | b |\n|---|:-:|\n| one<br>two | `x \\| y` |\n| \\| | |\n",
    "- a\n\n* b\n\n+ c\n",
    "1. a\n\n1) b\n",
    "- a\n\n<!-- -->\n\n- b\n",
    "- a\n\n      code in an item\n",
    "3. three\n4. four\n",
    "- [ ] open\n- [x] done\n- neither\n",
    "1. [x] done\n2. two\n",
    "- \n- b\n",
    "> quote\n> > deeper\n>\n> - list\n",
    "> [!NOTE]\n> Mind *the* ladder.\n",
    "> [!WARNING]\n> - one\n> - two\n>\n> Words.\n",
    "> [!TIP]\n",
    "> [!NOTE] not a callout\n",
    "> [!note]\n> small\n",
    "line one  \nline two\\\nline three\n",
    "lines wrapped\nby hand stay\nwrapped\n",
    "Setext\n======\n\nTwo lines\nof it\n---\n",
    "# Closed #\n\n## With \\#\n\n#\n",
    "snake_case_word and array[0] and 2 * 3 * 4\n",
    "[reference][one], [one][] and [One]\n\n[one]: https://x.example \"T\"\n",
    "![reference][p]\n\n[p]: /p.png\n",
    "&copy; &amp;amp; &#35; &nbsp; a\u00a0b\n",
    "a\\\\b \\` \\_ \\[x\\] \\<b> &lt;\n",
    "`` ` `` and ` `` ` and `a  b`\n",
    "https://x.example/a_b_(c) and <https://y.example>.\n",
    "```rust,no_run title=\"a b\"\nfn main() {}\n```\n",
    "    indented\n\n    code\n",
    "***\n\n- - -\n\n___\n",
    "a\r\nb\r\n\r\n- c\r\n",
    "no line end",
    "\n\n  \nblank lines first and last  \n\n\n",
    "trailing blanks   \n\nafter\t\n",
    "tab\tin text\n",
    "2 < 3 & 4 > 1 | 5 ~ 6 ^ 7 $ 8\n",
    "~~struck~~ and ~~**both**~~\n",
    "日本語の**強調**です。\n\n**「強調」**です\n",
    "https://x.example/*not emphasis*\n",
    "* * *\n* a\n",
    "- a\n  > b\n  ```\n  c\n  ```\n- d\n",
    "Term\n:   not a definition list\n",
    "{.class} ==mark== H~2~O x^2^\n",
    "```\nunclosed\n",
    "<!-- unclosed\n",
    "<script>\nunclosed\n",
  ]);
