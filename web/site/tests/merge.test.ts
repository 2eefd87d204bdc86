import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyContent, type Content } from "@/lib/writing/content";
import { caretAfter, mergeContent, mergeText } from "@/lib/writing/merge";
import { paragraphs, words } from "@/lib/writing/sequences";

const base = "One is here.\n\nTwo is there.\n\nThree is elsewhere.";

test("changes of different paragraphs are both kept", () => {
  assert.equal(mergeText(base, base.replace("One", "1"), base.replace("Three", "3")), "1 is here.\n\nTwo is there.\n\n3 is elsewhere.");
});

test("changes of neighbouring paragraphs are both kept", () => {
  assert.equal(mergeText(base, base.replace("One", "1"), base.replace("Two", "2")), "1 is here.\n\n2 is there.\n\nThree is elsewhere.");
});

test("changes of different words of one paragraph are both kept", () => {
  const line = "the quick brown fox jumps over the lazy dog";
  assert.equal(mergeText(line, line.replace("quick", "slow"), line.replace("lazy", "sleepy")), "the slow brown fox jumps over the sleepy dog");
});

test("changes that touch are nobody's to decide but the writer's", () => {
  assert.equal(mergeText("The beginning.", "Mine, the second.", "Theirs, the first."), null);
  assert.equal(mergeText("a b c", "a x c", "a y c"), null);
  assert.equal(mergeText("a b c d", "a x c d", "a b y d"), null, "neighbouring words touch");
  assert.equal(mergeText(base, `${base}\n\nMine.`, `${base}\n\nTheirs.`), null, "both went on at the end");
});

test("what both did alike is done once", () => {
  assert.equal(mergeText(base, `${base}\n\nThe end.`, `${base}\n\nThe end.`), `${base}\n\nThe end.`);
});

test("a paragraph that one deleted stays deleted, whatever the other changed elsewhere", () => {
  assert.equal(mergeText(base, "One is here.\n\nThree is elsewhere.", base.replace("elsewhere", "gone")), "One is here.\n\nThree is gone.");
});

test("deleting what the other one changes is a matter for the writer", () => {
  assert.equal(mergeText(base, "One is here.\n\nThree is elsewhere.", base.replace("Two", "2")), null);
});

test("line ends of another system are no change", () => {
  assert.equal(mergeText("a\r\nb\r\n\r\nc", "a\nb\n\nc d", "A\r\nb\r\n\r\nc"), "A\nb\n\nc d");
});

test("title, topics and cover are merged each by itself, and a cover with its description", () => {
  const was: Content = { ...emptyContent, title: "T", markdown: base, coverMediaId: "1", coverAlt: "One" };
  const mine = { ...was, title: "Mine" };
  assert.deepEqual(mergeContent(was, mine, { ...was, topics: ["x"], markdown: "New" }), { ...was, title: "Mine", topics: ["x"], markdown: "New" });
  assert.equal(mergeContent(was, mine, { ...was, title: "Theirs" }), null);
  assert.equal(mergeContent(was, { ...was, coverMediaId: "2" }, { ...was, coverAlt: "A better one" }), null);
});

test("a text in parts is the text to the letter", () => {
  for (const text of ["", "\n\n a", "a\n\n\n\nb\r\n\r\nc\n", "  indented\n\tcode", "文字、文字。ไทย mixed\n"]) {
    assert.equal(paragraphs(text).join(""), text);
    assert.equal(words(text).join(""), text);
  }
});

/** A small generator of its own, so that a failure can be repeated. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("whatever two people do to sections of their own, both have what they did", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = numbers(seed);
    const section = (name: string) => Array.from({ length: 1 + next(4) }, () => Array.from({ length: 3 + next(6) }, () => `${name}${next(30)}`).join(" "));
    const sections = [section("a"), section("b"), section("c"), section("d")];
    const edited = (name: string, paragraphsOf: string[]) => {
      const after = [...paragraphsOf];
      for (let edits = 1 + next(4); edits > 0; edits--) {
        const at = next(after.length + 1);
        if (next(3) === 0 && after.length > 0) after.splice(Math.min(at, after.length - 1), 1);
        else if (next(2) === 0) after.splice(at, 0, `${name} new ${next(1000)}`);
        else after[Math.min(at, after.length - 1)] = `${after[Math.min(at, after.length - 1)] ?? name} more ${next(1000)}`;
      }
      return after;
    };
    const text = (all: string[][]) => all.map((each, index) => [`# Section ${index}, which nobody touches`, ...each].join("\n\n")).join("\n\n");
    const mine = sections.map((each, index) => (index % 2 === 0 ? edited("mine", each) : each));
    const theirs = sections.map((each, index) => (index % 2 === 1 ? edited("theirs", each) : each));
    const both = sections.map((_, index) => (index % 2 === 0 ? mine : theirs)[index] ?? []);
    assert.equal(mergeText(text(sections), text(mine), text(theirs)), text(both), `seed ${seed}`);
  }
});

test("ten thousand words are merged within a moment", () => {
  const next = numbers(7);
  const long = Array.from({ length: 200 }, () => Array.from({ length: 50 }, () => `w${next(800)}`).join(" ")).join("\n\n");
  const started = performance.now();
  const merged = mergeText(long, `Begin. ${long}`, `${long} End.`);
  assert.equal(merged, `Begin. ${long} End.`);
  assert.ok(performance.now() - started < 2_000);
});

test("the caret stays among its words when the text around it is replaced", () => {
  assert.equal(caretAfter("abc def", "abc def ghi", 3), 3);
  assert.equal(caretAfter("abc def", "new abc def", 3), 7);
  assert.equal(caretAfter("abc def", "abc", 6), 3);
});
