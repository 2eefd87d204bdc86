import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "@/lib/writing/compare";

const sides = (mine: string, theirs: string) =>
  compare(mine, theirs).map((row) => (row.kind === "same" ? row.text : { mine: row.mine, theirs: row.theirs }));

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

test("either side's text can be read off the comparison", () => {
  const mine = "a b c\n\nd e\n\nf";
  const theirs = "x\n\na b d\n\nf\n\ng h";
  const read = (side: "mine" | "theirs") =>
    compare(mine, theirs)
      .map((row) => (row.kind === "same" ? row.text : row[side].map(({ text }) => text).join("")))
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
