import assert from "node:assert/strict";
import { test } from "node:test";
import type { ArticleCard } from "@blog/api";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { rss, xml } from "@/lib/rss";

const hostile = `</title><script>alert("1")</script> ]]> & &amp; 'q' \u0000\u0008\uFFFE\u{1F600} \u2028`;

const card = (patch: Partial<ArticleCard>): ArticleCard => ({
  id: "0193cccc-0000-7000-8000-000000000001",
  slug: "a",
  url: "/@ines/a",
  title: "A",
  description: "",
  author: { id: "1", handle: "ines", name: "Ines", bio: "", avatarUrl: null, unclaimed: false },
  topics: [],
  cover: null,
  publishedAt: "2026-11-22T08:04:00Z",
  editedAt: null,
  readingMinutes: 1,
  ...patch,
});

const channel = { title: hostile, description: hostile, origin: "https://blog.example", page: "/@ines", self: "/@ines/feed.xml" };

interface Parsed {
  rss: { channel: { title: string; link: string; lastBuildDate: string; item: Record<string, string> } };
}

test("a feed with hostile titles is well-formed and says the titles unchanged, but for characters XML forbids", () => {
  const feed = rss(channel, [card({ title: hostile, description: hostile, url: "/@ines/ü?a&b", topics: [{ slug: "x", name: "<R&D>", articleCount: 1 }] })]);

  assert.equal(XMLValidator.validate(feed), true);
  const { item, title } = (new XMLParser({ trimValues: false }).parse(feed) as Parsed).rss.channel;
  const clean = hostile.replace(/[\u0000\u0008\uFFFE]/g, "");
  assert.equal(title, clean);
  assert.equal(item.title, clean);
  assert.equal(item.category, "<R&D>");
  assert.equal(item.link, "https://blog.example/@ines/%C3%BC?a&b");
});

test("an item is known by its article, so that a new address does not make it new", () => {
  const before = rss(channel, [card({ url: "/@ines/a" })]);
  const after = rss(channel, [card({ url: "/@ines/b" })]);
  const guid = (feed: string) => /<guid isPermaLink="false">(.*?)<\/guid>/.exec(feed)?.[1];
  assert.equal(guid(before), "urn:uuid:0193cccc-0000-7000-8000-000000000001");
  assert.equal(guid(after), guid(before));
});

test("dates follow RFC 822 and the feed carries the newest change", () => {
  const feed = rss(channel, [card({ editedAt: "2026-11-23T09:00:00Z" }), card({ publishedAt: "2020-01-01T00:00:00Z" })]);
  assert.match(feed, /<pubDate>Sun, 22 Nov 2026 08:04:00 GMT<\/pubDate>/);
  assert.match(feed, /<lastBuildDate>Mon, 23 Nov 2026 09:00:00 GMT<\/lastBuildDate>/);
});

test("an empty feed is a feed", () => {
  const feed = rss(channel, []);
  assert.equal(XMLValidator.validate(feed), true);
  assert.doesNotMatch(feed, /lastBuildDate/);
});

test("a lone surrogate does not break the document", () => {
  assert.equal(xml("a\uD800b"), "ab");
});
