// What is a formula, and how it is drawn.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { getSchema } from "@tiptap/core";
import type { Nodes } from "mdast";
import { Manuscript } from "@/lib/editor/manuscript";
import { content } from "@/lib/editor/schema";
import { parse } from "@/lib/editor/syntax";
import { drawFormula, withFormulas } from "@/lib/formulas";

const vectors = JSON.parse(readFileSync(new URL("../../../tests/vectors/formulas/formulas.json", import.meta.url), "utf8")) as { markdown: string; formulas: string[] }[];

const formulasIn = (node: Nodes): string[] =>
  node.type === "formula" ? [(node.display ? "display: " : "") + node.value] : node.type === "math" ? [`display: ${node.value}`] : "children" in node ? (node.children as Nodes[]).flatMap(formulasIn) : [];

test("formulas are found where the server finds them, and prices are none", () => {
  for (const { markdown, formulas } of vectors) assert.deepEqual(formulasIn(parse(markdown)), formulas, markdown);
});

test("a text with formulas is edited without raw blocks, and written anew it says the same", () => {
  const schema = getSchema(content);
  for (const { markdown, formulas } of vectors) {
    const { text, raw } = new Manuscript(schema).rewrite(markdown);
    assert.deepEqual(formulasIn(parse(text)), formulas, `${markdown}\nbecame\n${text}`);
    assert.equal(raw, 0, markdown);
  }
});

test("a formula is drawn for eyes and for screen readers, without its source, styles or anything that leads elsewhere", () => {
  const drawn = drawFormula("\\frac{a}{b} \\colorbox{red}{$c$}", true) ?? "";
  assert.match(drawn, /^<math xmlns="http:\/\/www\.w3\.org\/1998\/Math\/MathML" display="block">/);
  assert.match(drawn, /<mfrac><mi>a<\/mi><mi>b<\/mi><\/mfrac>/);
  assert.doesNotMatch(drawn, /annotation| style=/);
  assert.doesNotMatch(drawFormula("\\href{javascript:x}{y} \\includegraphics{https://x.example/p.png}", false) ?? "", /<[^>]*(?:href|src)/);
});

test("a formula that cannot be read, or never ends, stays as it was typed", () => {
  const html = '<p>If <code class="math">a &lt; b</code>, <code class="math">\\frac{</code> and <code>x</code>.</p>';
  assert.match(withFormulas(html), /^<p>If <math[^]*<mo>&lt;<\/mo>[^]*<\/math>, <code class="math">\\frac\{<\/code> and <code>x<\/code>\.<\/p>$/);
  assert.equal(drawFormula("\\def\\a{\\a\\a}\\a", false), null);
});
