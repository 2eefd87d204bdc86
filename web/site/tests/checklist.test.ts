// What a last look before publishing notices.
import assert from "node:assert/strict";
import { test } from "node:test";
import { leadsNowhere, linksIn, lookOver } from "@/lib/writing/checklist";
import { emptyContent } from "@/lib/writing/content";

const whole = { ...emptyContent, title: "Tides", description: "About tides", coverMediaId: "m1", coverAlt: "A gauge" };
const inText = (markdown: string) => lookOver({ ...whole, markdown });

test("a story with everything has nothing to look at once more", () => assert.deepEqual(inText("Words, ![a gauge](/media/1) and [a link](https://blog.rust-lang.org)."), []));

test("what a feed shows is asked for: title, description, and a cover with words for it", () => {
  assert.deepEqual(lookOver(emptyContent).map(({ kind }) => kind), ["title", "description", "cover"]);
  assert.deepEqual(lookOver({ ...whole, coverAlt: " " }).map(({ kind }) => kind), ["coverAlt"]);
});

test("pictures without words are found wherever they stand, and numbered", () => {
  const markdown = "![](/media/1)\n\n- text ![ ](/media/2) and ![seen](/media/3)\n\n```\n![](/media/4)\n```\n";
  assert.deepEqual(
    inText(markdown).map((found) => found.kind === "alt" && [markdown.slice(found.place.start, found.place.end), found.place.number, found.source]),
    [["![](/media/1)", 0, "/media/1"], ["![ ](/media/2)", 1, "/media/2"]],
  );
});

test("TK is found as a word of its own, outside code, with what stands around it", () => {
  const markdown = "First line.\nIt rose by TK metres in a long sentence that goes on. **TKTK** too.\n\n`TK` and ATK and TKs stay.\n";
  const found = inText(markdown);
  assert.deepEqual(found.map((one) => one.kind === "tk" && [markdown.slice(one.place.start, one.place.end), one.around]), [
    ["TK", "It rose by TK metres in a long senten…"],
    ["TKTK", "…entence that goes on. **TKTK** too."],
  ]);
});

test("links that cannot lead anywhere are named", () => {
  for (const address of ["", "#", "www.x.org", "foo", "https://", "http://localhost:3000/a", "https://192.168.1.4/", "https://example.com/a", "https://wiki.local", "htps://x.org"]) assert.ok(leadsNowhere(address), address);
  for (const address of ["#part", "/@ada/tides", "https://x.org/a?b#c", "http://münchen.de", "mailto:a@b.org", "tel:+49123"]) assert.ok(!leadsNowhere(address), address);
  assert.deepEqual(inText("See [the *site*](www.x.org).").map((one) => one.kind === "link" && [one.address, one.words]), [["www.x.org", "the site"]]);
});

test("links into the web are those whose servers can be asked, each with its place", () => {
  const markdown = "A [dead](https://x.org/1) one, <https://y.org>, [here](/@ada), [mail](mailto:a@b.org), [none](www.x.org) and `[code](https://z.org)`.\n";
  assert.deepEqual(linksIn(markdown).map(({ address, words, place }) => [address, words, markdown.slice(place.start, place.end)]), [
    ["https://x.org/1", "dead", "[dead](https://x.org/1)"],
    ["https://y.org", "https://y.org", "<https://y.org>"],
  ]);
});
