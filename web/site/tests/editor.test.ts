// The rich editor never loses a word: Markdown → document → Markdown.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { getSchema } from "@tiptap/core";
import { EditorState } from "@tiptap/pm/state";
import fc from "fast-check";
import { Manuscript } from "@/lib/editor/manuscript";
import { content } from "@/lib/editor/schema";
import { parse, same } from "@/lib/editor/syntax";
import { commonMark, edges, gfm } from "./markdown/examples";

const schema = getSchema(content);
const examples = [...commonMark(), ...gfm(), ...edges()];
const posts = new URL("../../../../shared/data/rust-blog/content/", import.meta.url);

const says = (one: string, other: string) => same(parse(one).children, parse(other).children);
const open = (markdown: string) => {
  const manuscript = new Manuscript(schema);
  return { manuscript, doc: manuscript.read(markdown) };
};

test("there are as many examples as the specifications have", () => {
  assert.equal(commonMark().length, 652);
  assert.equal(gfm().length, 25);
});

test("what is opened and saved without an edit is the same, byte for byte", () => {
  for (const { name, markdown } of examples) {
    const { manuscript, doc } = open(markdown);
    assert.doesNotThrow(() => doc.check(), name);
    assert.equal(manuscript.write(doc), markdown, name);
  }
});

test("every block written anew says what it said", () => {
  for (const { name, markdown } of examples) {
    const { text } = new Manuscript(schema).rewrite(markdown);
    const again = new Manuscript(schema).rewrite(text);
    assert.equal(again.text, text, `${name}: written once more it is the same`);
    assert.ok(says(text, markdown), `${name}:\n${markdown}\nbecame\n${text}`);
  }
});

test("few examples need a block of raw Markdown", () => {
  const raw = examples.filter(({ markdown }) => new Manuscript(schema).rewrite(markdown).raw > 0);
  assert.ok(raw.length / examples.length <= 0.15, `${raw.length} of ${examples.length}`);
});

// Every post, through the server's renderer: ./blog bench markdown-roundtrip.
test("real posts come back byte for byte", { skip: !existsSync(posts) && "../shared/data/rust-blog/content is not here" }, () => {
  const files = readdirSync(posts, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
  assert.ok(files.length > 700);
  for (const file of files.filter((_, index) => index % 12 === 0)) {
    const text = readFileSync(new URL(file, posts), "utf8");
    const markdown = text.slice(text.indexOf("\n+++", 3) + 4);
    const { manuscript, doc } = open(markdown);
    assert.equal(manuscript.write(doc), markdown, file);
  }
});

test("a change of one paragraph leaves every other byte alone", () => {
  const markdown = "Setext\n======\n\nOne_two here.\n*  odd   bullet\n\n\n_em_ stays\nas it is  \n\n| a|b |\n|-|-|\n|1|2|\n";
  const { manuscript, doc } = open(markdown);
  const at = doc.textBetween(0, doc.content.size, "\n", "\n").indexOf("here");
  assert.ok(at > 0);
  const changed = EditorState.create({ doc }).tr.insertText("!", positionOf(doc, "here") + 4).doc;
  assert.equal(manuscript.write(changed), markdown.replace("here", "here!"));
});

test("what is undone has its bytes again", () => {
  const markdown = "_em_ here\n\n* b\n";
  const { manuscript, doc } = open(markdown);
  const { tr } = EditorState.create({ doc });
  const at = positionOf(doc, "here");
  tr.insertText("!", at);
  assert.notEqual(manuscript.write(tr.doc), markdown);
  tr.delete(at, at + 1);
  assert.equal(manuscript.write(tr.doc), markdown);
});

test("a block that is still open ends before what is written after it", () => {
  for (const markdown of ["```\nunclosed", "<!-- unclosed", "<script>\nunclosed", "- a\n\n  ~~~\n  unclosed"]) {
    const { manuscript, doc } = open(markdown);
    const written = manuscript.write(EditorState.create({ doc }).tr.insert(doc.content.size, schema.node("paragraph", null, schema.text("after"))).doc);
    const last = parse(written).children.at(-1);
    assert.ok(last?.type === "paragraph" && last.children[0]?.type === "text" && last.children[0].value === "after", written);
  }
});

test("blocks moved beside others stay the blocks they are", () => {
  const pieces = ["- a\n- b", "* c", "+ d", "1. e", "1) f", "    code", "  indented words", "> quote", "words\nand words", "# Head", "---", "```\nx\n```", "<div>\nx\n</div>", "| a |\n| - |\n| 1 |", "[^1]: note", "Set\n==="];
  fc.assert(
    fc.property(fc.shuffledSubarray(pieces, { minLength: 2 }), fc.array(fc.nat(), { minLength: 2, maxLength: 8 }), (parts, moves) => {
      const { manuscript, doc } = open(parts.join("\n\n"));
      let nodes = Array.from({ length: doc.childCount }, (_, index) => doc.child(index));
      for (const move of moves) {
        const from = move % nodes.length;
        const [node] = nodes.splice(from, 1);
        if (node) nodes = [...nodes.slice(0, (move * 7) % (nodes.length + 1)), node, ...nodes.slice((move * 7) % (nodes.length + 1))];
      }
      const moved = schema.node("doc", null, nodes);
      const kinds = (markdown: string) => open(markdown).doc.content.toJSON().map(({ type }: { type: string }) => type);
      assert.deepEqual(kinds(manuscript.write(moved)), nodes.map(({ type }) => type.name));
    }),
    { numRuns: 300, includeErrorInReport: true },
  );
});

// Generated documents: words with marks of every kind, in blocks of every kind.
const word = fc.oneof(fc.constantFrom("tide", "snake_case", "2*3", "a[0]", "#1", "1.", "-", "+", "<b>", "&amp;", "~", "`", "\\", "|", "https://x.example/a_b", "!", "é", "日本", "[^x]", "[ ]", "$5", "www.x.example", "a@b.example", "---", "==="), fc.string({ minLength: 1, maxLength: 6, unit: "grapheme-ascii" }));
const sentence = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
const marks = fc.subarray(["bold", "italic", "strike", "code"]).chain((names) => fc.boolean().map((linked) => [...names.map((name) => schema.mark(name)), ...(linked ? [schema.mark("link", { href: "https://x.example/a_(b)?c=d&e" })] : [])]));
const inline = fc.array(fc.tuple(sentence, fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: marks })), { minLength: 1, maxLength: 4 }).map((runs) => runs.flatMap(([text, own]) => (text ? [schema.text(text, own)] : [])));
const paragraph = inline.map((words) => schema.node("paragraph", null, words));
const { block } = fc.letrec((tie) => {
  const inner = fc.array(tie("block") as typeof paragraph, { minLength: 1, maxLength: 3 });
  const items = fc.array(fc.tuple(fc.constantFrom(null, null, true, false), paragraph, fc.array(tie("block") as typeof paragraph, { maxLength: 1 })), { minLength: 1, maxLength: 3 });
  const list = (type: string) => fc.tuple(fc.boolean(), items).map(([loose, all]) => schema.node(type, { loose }, all.map(([checked, first, rest]) => schema.node("listItem", { checked }, [first, ...rest]))));
  return {
    block: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      paragraph,
      fc.tuple(fc.integer({ min: 1, max: 6 }), inline).map(([level, words]) => schema.node("heading", { level }, words)),
      fc.tuple(fc.constantFrom("", "rust", "js title=\"a\""), fc.string({ maxLength: 30, unit: fc.constantFrom("`", "~", "\n", " ", "a", "#") })).map(([info, text]) => schema.node("codeBlock", { info }, text ? schema.text(text) : [])),
      fc.constant(schema.node("horizontalRule")),
      fc.array(fc.array(inline, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 3 }).map((rows) =>
        schema.node("table", null, rows.map((row, index) => schema.node("tableRow", null, row.map((words) => schema.node(index === 0 ? "tableHeader" : "tableCell", null, [schema.node("paragraph", null, words)]))))),
      ),
      inner.map((children) => schema.node("blockquote", null, children)),
      inner.map((children) => schema.node("callout", { kind: "TIP" }, children)),
      list("bulletList"),
      list("orderedList"),
    ),
  };
});

test("whatever is written in the editor keeps its words", () => {
  const letters = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, "");
  fc.assert(
    fc.property(fc.array(block as typeof paragraph, { minLength: 1, maxLength: 5 }), (blocks) => {
      const doc = schema.node("doc", null, blocks);
      const markdown = new Manuscript(schema).write(doc);
      const back = open(markdown).doc;
      const isRaw = back.content.toJSON().some(({ type }: { type: string }) => type === "rawBlock");
      if (!isRaw) assert.equal(letters(back.textContent), letters(doc.textContent), markdown);
      assert.equal(open(markdown).manuscript.write(back), markdown);
    }),
    { numRuns: 500, includeErrorInReport: true },
  );
});

function positionOf(doc: ReturnType<Manuscript["read"]>, text: string): number {
  let found = -1;
  doc.descendants((node, position) => {
    if (found < 0 && node.isText && node.text?.includes(text)) found = position + node.text.indexOf(text);
  });
  assert.ok(found >= 0);
  return found;
}
