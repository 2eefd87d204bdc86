import assert from "node:assert/strict";
import { test } from "node:test";
import { excerpt } from "@/lib/excerpt";

test("the first paragraph with words is the beginning, without marks and notes", () => {
  assert.equal(
    excerpt('<h2 id="a">Head</h2><p><img src="/media/x" alt=""></p><p class="lead">Salt &amp; <em>sea</em>,<sup><a href="#fn1">1</a></sup>\n 5 &lt; 6.</p><p>More</p>'),
    "Salt & sea, 5 < 6.",
  );
  assert.equal(excerpt("<ul><li>no paragraph</li></ul>"), "");
});

test("a long one is cut at a word, and between characters where there are no spaces", () => {
  const long = excerpt(`<p>${"harbour ".repeat(40)}</p>`);
  assert.match(long, /^(harbour )+harbour…$/);
  assert.ok(long.length <= 160);
  assert.equal([...excerpt(`<p>${"海".repeat(300)}</p>`)].length, 160);
  assert.ok(!excerpt(`<p>${"😀".repeat(300)}</p>`).includes("\uFFFD"));
});
