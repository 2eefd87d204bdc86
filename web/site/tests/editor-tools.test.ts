// What the rich editor counts, finds and does with keys, without a screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import { EditorState } from "@tiptap/pm/state";
import { matching, type Block } from "@/components/writing/rich/blocks";
import { countOf, counted, tally } from "@/lib/editor/count";
import { find, Find, replace, searchOf, seek, step } from "@/lib/editor/find";
import { languageOf } from "@/lib/editor/highlight";
import { addressOf } from "@/lib/editor/link-cards";
import { Manuscript } from "@/lib/editor/manuscript";
import { content } from "@/lib/editor/schema";

const schema = getSchema(content);
const docOf = (markdown: string) => new Manuscript(schema).read(markdown);

test("words are counted as the server counts them", () => {
  assert.deepEqual(tally("don't stop, word-for-word: 3.14 and naïve café"), { words: 7, characters: 0 });
  assert.deepEqual(tally("日本語 and ไทย"), { words: 1, characters: 6 });
  assert.deepEqual(counted({ words: 238 * 3, characters: 400 }), { words: 714 + 400, minutes: 4 });
  assert.equal(counted({ words: 0, characters: 0 }).minutes, 1);
});

test("words do not run together across blocks, cells and breaks", () => {
  assert.equal(countOf(docOf("# One\n\ntwo  \nthree\n\n- four\n- five\n\n| six | seven |\n| --- | --- |\n| eight | nine |\n\n![ten](/a.png \"eleven\")\n")).words, 11);
});

function searching(markdown: string, text: string, caseMatters = false): EditorState {
  const plugins = Find.config.addProseMirrorPlugins?.call({} as never) ?? [];
  const state = EditorState.create({ doc: docOf(markdown), plugins });
  return state.apply(seek(state.tr, { text, caseMatters }));
}

test("a text is found across marks and wrapped lines, with or without its case", () => {
  const doc = docOf("A **ti**de and\na tide.\n\n```\nTIDE\n```\n");
  assert.equal(find(doc, { text: "tide", caseMatters: false }).length, 3);
  assert.equal(find(doc, { text: "tide", caseMatters: true }).length, 2);
  assert.equal(find(doc, { text: "and a", caseMatters: true }).length, 1);
  assert.equal(find(doc, { text: "", caseMatters: true }).length, 0);
});

test("after the last place comes the first, and before the first the last", () => {
  let state = searching("tide tide tide\n", "tide");
  assert.equal(searchOf(state).current, 0);
  state = state.apply(step(state, -1));
  assert.equal(searchOf(state).current, 2);
  state = state.apply(step(state, 1));
  assert.equal(searchOf(state).current, 0);
});

test("what replaces looks like what it replaces", () => {
  const state = searching("A **tide** and a tide.\n", "tide");
  assert.equal(new Manuscript(schema).write(state.apply(replace(state, "ebb", true)).doc), "A **ebb** and a ebb.");
  assert.equal(new Manuscript(schema).write(state.apply(replace(state, "ebb", false)).doc), "A **ebb** and a tide.");
  assert.equal(new Manuscript(schema).write(state.apply(replace(state, "", true)).doc), "A  and a .");
});

test("blocks are found by the beginning of their name first, then by what else they are called", () => {
  const block = (name: string, also: string): Block => ({ name, also, about: "", icon: "list", insert: () => undefined });
  const all = [block("Subheading", "h3 heading"), block("Heading", "h2"), block("Task list", "todo")];
  assert.deepEqual(matching(all, "head").map(({ name }) => name), ["Heading", "Subheading"]);
  assert.deepEqual(matching(all, "todo").map(({ name }) => name), ["Task list"]);
  assert.deepEqual(matching(all, "xyz"), []);
});

test("a language is the first word of the info string", () => {
  assert.equal(languageOf("rust,no_run title=\"a\""), "rust");
  assert.equal(languageOf("  C++ {1-3}"), "c++");
  assert.equal(languageOf(""), "");
});

test("an address that is a paragraph of the story itself, and reads as it leads, is one whose card is shown", () => {
  const addresses = (markdown: string) => docOf(markdown).children.map(addressOf);
  assert.deepEqual(addresses("https://x.org/a?b=1&c=2\n\n<https://x.org/löwe>\n\nSee https://x.org/\n"), ["https://x.org/a?b=1&c=2", "https://x.org/l%C3%B6we", null]);
  assert.deepEqual(addresses('[words](https://x.org/)\n\n[https://x.org/](https://x.org/ "title")\n\n[https://x.org/](https://y.org/)\n\n> https://x.org/\n\n**https://x.org/**\n\n<mailto:a@b.org>\n').filter(Boolean), []);
});
