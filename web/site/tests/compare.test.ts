import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, folded, unified } from "@/lib/writing/compare";

const sides = (mine: string, theirs: string) =>
  compare(mine, theirs).map((row) => (row.kind === "changed" ? { mine: row.mine, theirs: row.theirs } : row.kind === "same" ? row.text : row));

test("what is the same stays, what differs is marked word by word", () => {
  assert.deepEqual(sides("One.\n\nFrom this window.\n\nEnd.", "One.\n\nFrom the phone.\n\nEnd."), [
    "One.",
    {
      mine: [{ kind: "same", text: "From " }, { kind: "mine", text: "this window." }],
      theirs: [{ kind: "same", text: "From " }, { kind: "theirs", text: "the phone." }],
    },
    "End.",
  ]);
});

test("a paragraph that one side added has nothing on the other", () => {
  assert.deepEqual(sides("a\n\nb", "a\n\nnew\n\nb"), ["a", { mine: [], theirs: [{ kind: "theirs", text: "new" }] }, "b"]);
});

test("line ends do not count as a difference", () => {
  assert.deepEqual(sides("a\r\n\r\nb\n", "a\n\nb"), ["a", "b"]);
});

test("a paragraph that moved is said to have, at both places", () => {
  const [stays, goes] = ["This one stays where it is.", "This one goes to the end."];
  assert.deepEqual(sides(`${goes}\n\n${stays}`, `${stays}\n\n${goes}`), [
    { kind: "moved", side: "mine", text: goes },
    stays,
    { kind: "moved", side: "theirs", text: goes },
  ]);
});

test("a picture that moved past changed words is not taken for a new one", () => {
  const picture = "![The clock](/media/0199-1)";
  assert.deepEqual(sides(`${picture}\n\nOld words.\n\nEnd.`, `Old words, new.\n\nEnd.\n\n${picture}`).slice(0, 2), [
    { kind: "moved", side: "mine", text: picture },
    { mine: [{ kind: "same", text: "Old " }, { kind: "mine", text: "words." }], theirs: [{ kind: "same", text: "Old " }, { kind: "theirs", text: "words, new." }] },
  ]);
});

test("a word is the same whatever follows it", () => {
  assert.deepEqual(sides("one two", "one two three"), [{ mine: [{ kind: "same", text: "one two" }], theirs: [{ kind: "same", text: "one two " }, { kind: "theirs", text: "three" }] }]);
});

test("in one text, what went stands before what came", () => {
  const [row] = compare("The old clock stands here.", "The new clock stands there.");
  assert.deepEqual(row?.kind === "changed" && unified(row).map(({ kind, text }) => `${kind}:${text.trim()}`), ["same:The", "mine:old", "theirs:new", "same:clock stands", "mine:here.", "theirs:there."]);
});

test("long stretches without a change fold away but for their ends", () => {
  const same = Array.from({ length: 10 }, (_, index) => `Paragraph ${index}`).join("\n\n");
  const rows = folded(compare(`${same}\n\nold`, `${same}\n\nnew`));
  assert.deepEqual(rows.map((row) => ("hidden" in row ? row.hidden.length : row.kind)), ["same", 8, "same", "changed"]);
});

test("ten thousand words that were all rewritten are compared while one waits", () => {
  const text = (salt: number) => Array.from({ length: 10_000 }, (_, index) => `${index % 3 ? "the" : "w"}${(index * salt) % 997}`).join(" ");
  const started = performance.now();
  compare(text(7), text(11));
  assert.ok(performance.now() - started < 5_000);
});

test("either side's text can be read off the comparison", () => {
  const mine = "a b c\n\nd e\n\nf\n\na longer one that moves";
  const theirs = "x\n\na longer one that moves\n\na b d\n\nf\n\ng h";
  const read = (side: "mine" | "theirs") =>
    compare(mine, theirs)
      .map((row) => (row.kind === "same" ? row.text : row.kind === "moved" ? (row.side === side ? row.text : "") : row[side].map(({ text }) => text).join("")))
      .filter(Boolean)
      .join("\n\n");
  assert.equal(read("mine"), mine);
  assert.equal(read("theirs"), theirs);
});

test("texts of thousands of paragraphs are compared by their ends", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `p${index}`);
  const rows = compare(many.join("\n\n"), ["new", ...many.slice(1)].join("\n\n"));
  assert.equal(rows.length, many.length);
  assert.equal(rows[0]?.kind, "changed");
});
