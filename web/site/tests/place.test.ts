import assert from "node:assert/strict";
import { test } from "node:test";
import { find, quoteOf, tell, type Block } from "@/lib/place";

const text = (quote: string): Block => ({ anchor: null, quote });
const heading = (anchor: string): Block => ({ anchor, quote: anchor });

const article = [text("An opening paragraph that is long enough."), text("A second one, before any heading."), heading("first"), text("Under the first heading."), text("Repeated."), heading("second"), text("Repeated."), text("The very last paragraph of all.")];
const at = (index: number) => tell(article, index);

test("a block is told by its heading, its distance and its beginning", () => {
  assert.deepEqual(at(1), { anchor: "", block: 1, quote: "A second one, before any heading." });
  assert.deepEqual(at(4), { anchor: "first", block: 2, quote: "Repeated." });
  assert.deepEqual(at(5), { anchor: "second", block: 0, quote: "second" });
});

test("every block of an article that did not change is found again", () => {
  article.forEach((_, index) => assert.deepEqual(find(article, at(index)), { index, same: true }));
});

test("what was written before it does not matter", () => {
  const edited = [text("New at the top."), heading("preface"), text("More that is new."), ...article];
  article.forEach((_, index) => assert.equal(find(edited, at(index))?.index, index + 3));
});

test("a heading that was renamed does not matter while the words are there", () => {
  const edited = article.map((block) => (block.anchor === "second" ? heading("another") : block));
  assert.deepEqual(find(edited, at(7)), { index: 7, same: true });
});

test("a paragraph rewritten behind its beginning is found, one wholly rewritten by its heading", () => {
  const edited = [...article];
  edited[7] = text("The very last paragraph of the article, at last.");
  assert.deepEqual(find(edited, at(7)), { index: 7, same: true });
  edited[7] = text("Nothing like it was.");
  assert.deepEqual(find(edited, at(7)), { index: 7, same: false });
});

test("where less is left under a heading, its last block is the place", () => {
  const edited = [heading("first"), heading("second"), text("Something else.")];
  assert.deepEqual(find(edited, at(3)), { index: 0, same: false });
  assert.deepEqual(find(edited, at(7)), { index: 2, same: false });
});

test("an article written anew has no such place", () => {
  assert.equal(find([text("All new."), heading("other")], at(7)), undefined);
  assert.equal(find([], at(7)), undefined);
});

test("a quote is whole characters without line ends", () => {
  assert.equal(quoteOf("  one\n  two\tthree "), "one two three");
  assert.equal(quoteOf("a".repeat(79) + "😀").length, 79);
  assert.equal(quoteOf("x".repeat(500)).length, 80);
});
