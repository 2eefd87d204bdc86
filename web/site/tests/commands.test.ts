import assert from "node:assert/strict";
import { test } from "node:test";
import { block, code, heading, link, prefixLines, wrap, type Edit, type Selection } from "@/lib/writing/commands";

/** "a [b] c": the selection stands in brackets. */
function given(text: string): Selection {
  const start = text.indexOf("[");
  const end = text.indexOf("]") - 1;
  return { value: text.replace("[", "").replace("]", ""), start, end };
}

function shown({ value }: Selection, edit: Edit): string {
  const text = value.slice(0, edit.from) + edit.text + value.slice(edit.to);
  return `${text.slice(0, edit.start)}[${text.slice(edit.start, edit.end)}]${text.slice(edit.end)}`;
}

const apply = (text: string, command: (selection: Selection) => Edit) => shown(given(text), command(given(text)));
const bold = (selection: Selection) => wrap(selection, "**", "text");

test("marks go around the selection and come off again", () => {
  assert.equal(apply("a [b] c", bold), "a **[b]** c");
  assert.equal(apply("a **[b]** c", bold), "a [b] c");
});

test("without a selection a sample is put in, ready to be typed over", () => {
  assert.equal(apply("a []", bold), "a **[text]**");
});

test("a link asks for the address of words, and for the words of an address", () => {
  assert.equal(apply("see [this]", (selection) => link(selection, "words")), "see [this]([https://])");
  assert.equal(apply("[https://a.example/b]", (selection) => link(selection, "words")), "[[words]](https://a.example/b)");
});

test("every chosen line becomes an item, and stops being one", () => {
  const list = (selection: Selection) => prefixLines(selection, "- ");
  assert.equal(apply("x\no[ne\ntw]o\ny", list), "x\n[- one\n- two]\ny");
  assert.equal(apply("[- one\n- two]", list), "[one\ntwo]");
});

test("a heading goes from second to fourth level and back to text", () => {
  assert.equal(apply("Ti[]tle", heading), "## Title[]");
  assert.equal(apply("## Ti[]tle", heading), "### Title[]");
  assert.equal(apply("#### Ti[]tle", heading), "Title[]");
});

test("code in a line is marked, several lines are fenced", () => {
  assert.equal(apply("a [b]", code), "a `[b]`");
  assert.equal(apply("[a\nb]", code), "```[]\na\nb\n```\n");
});

test("a picture stands in a paragraph of its own", () => {
  assert.equal(apply("text[]", (selection) => block(selection, "![](x)")), "text\n\n![](x)\n\n[]");
  assert.equal(apply("[]", (selection) => block(selection, "![](x)")), "![](x)\n\n[]");
  assert.equal(apply("a\n\n[]\n\nb", (selection) => block(selection, "![](x)")), "a\n\n![](x)[]\n\nb");
});
