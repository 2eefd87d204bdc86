import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { HighlightedArticle, PassageSelector } from "@blog/api";
import { toMarkdown } from "@/lib/highlights/markdown";
import { find, selectorOf, textFragment } from "@/lib/highlights/selector";

interface Vector {
  name: string;
  text: string;
  selector: PassageSelector;
  found: number | null;
}

const vectors = JSON.parse(readFileSync(new URL("../../../tests/vectors/highlights/selectors.json", import.meta.url), "utf8")) as Vector[];

for (const { name, text, selector, found } of vectors)
  test(`a selector finds its passage as the service does: ${name}`, () => {
    assert.equal(find(text, selector)?.start ?? null, found);
  });

test("a selector of any passage leads back to it", () => {
  const text = "go on. go on. 𝄞 go on. go on.\nThe 👩‍👩‍👧 tide turned.";
  const isLow = (at: number) => /[\udc00-\udfff]/.test(text[at] ?? "");
  for (let start = 0; start < text.length; start++)
    for (let end = start + 1; end <= text.length; end++)
      if (!isLow(start) && !isLow(end)) assert.deepEqual(find(text, selectorOf(text, { start, end })), { start, end });
});

test("a link to a passage names it by its words, a long one by its ends", () => {
  assert.equal(textFragment("the tide, re-turned"), "#:~:text=the%20tide%2C%20re%2Dturned");
  assert.equal(textFragment("First line of it here now and then\nand the last line of it is here"), "#:~:text=First%20line%20of%20it%20here%20now,last%20line%20of%20it%20is%20here");
});

test("what is exported is quoted, escaped, and says what is lost", () => {
  const highlight = { id: "1", articleId: "a", selector: { exact: "x", prefix: "", suffix: "", start: 0 }, public: false, hidden: false, createdAt: "", revision: 1 };
  const articles = [
    { articleId: "a", article: null, title: "Tides", highlights: [{ ...highlight, quote: "one *two*\nthree", note: "Why?", place: "detached" }] },
  ] as unknown as HighlightedArticle[];
  assert.equal(toMarkdown(articles, "http://blog.test"), "# Highlights\n\n## Tides\n\n> one \\*two\\*\n>\n> three\n\n*Not in the text any more.*\n\nWhy?\n");
});
