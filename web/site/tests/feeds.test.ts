import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv from "ajv";
import type { ArticleCard, SyndicatedArticle } from "@blog/api";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { absolute } from "@/lib/open-web/absolute";
import { atom } from "@/lib/open-web/atom";
import { feedOf, type Channel, type Content, type Format } from "@/lib/open-web/feed";
import { jsonFeed } from "@/lib/open-web/json-feed";
import { rss } from "@/lib/open-web/rss";
import { element, escaped, xmlDocument } from "@/lib/open-web/xml";

const hostile = `</title><script>alert("1")</script> ]]> & &amp; 'q' \u0000\u0008\uFFFE\u{1F600} \u202Eעברית \uD800`;
const permitted = hostile.replace(/[\u0000\u0008\uFFFE\uD800]/g, "");

const author = { id: "0193aaaa-0000-7000-8000-000000000001", handle: "ines", name: "Ines", bio: "", avatarUrl: "/media/1", unclaimed: false };

const article = (card: Partial<ArticleCard> = {}, more: Partial<SyndicatedArticle> = {}): SyndicatedArticle => ({
  article: {
    id: "0193cccc-0000-7000-8000-000000000001",
    slug: "a",
    url: "/@ines/a",
    title: "A",
    description: "",
    author,
    coAuthors: [],
    coAuthorNames: [],
  publication: null,
    topics: [],
    cover: null,
    publishedAt: "2026-11-22T08:04:00Z",
    editedAt: null,
    readingMinutes: 1,
    ...card,
  },
  language: null,
  canonicalUrl: null,
  html: "<p>Words</p>",
  ...more,
});

const channel: Channel = { id: "urn:x:1", title: hostile, description: hostile, origin: "https://blog.example", page: "/@ines", base: "/@ines/feed", author };

const feed = (articles: SyndicatedArticle[], format: Format, { content = "full", at, next }: { content?: Content; at?: string; next?: string } = {}) =>
  ({ xml: rss, atom, json: jsonFeed })[format](feedOf(channel, articles, format, content, at, next));

type Parsed = Record<string, unknown>;
const parsed = (text: string, root: string) => {
  assert.equal(XMLValidator.validate(text), true);
  const read = new XMLParser({ trimValues: false, ignoreAttributes: false, attributeNamePrefix: "@", ignorePiTags: true }).parse(text) as Record<string, Parsed>;
  return read[root] as Parsed;
};
const channelOf = (text: string) => parsed(text, "rss").channel as Parsed;
const itemOf = (text: string) => channelOf(text).item as Parsed;
const entryOf = (text: string) => parsed(text, "feed").entry as Parsed;
const isJsonFeed = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(new URL("json-feed.schema.json", import.meta.url), "utf8")) as object);
const jsonOf = (text: string) => {
  const read = JSON.parse(text) as Parsed & { items: Parsed[] };
  assert.equal(isJsonFeed(read), true, JSON.stringify(isJsonFeed.errors));
  return read;
};
const textOf = (value: unknown) => (typeof value === "string" ? value : (value as Parsed)["#text"]);

test("hostile titles come out unchanged in every format, but for characters XML forbids", () => {
  const articles = [article({ title: hostile, description: hostile, url: "/@ines/ü?a&b", topics: [{ slug: "x", name: "<R&D>", articleCount: 1 }] })];

  const item = itemOf(feed(articles, "xml"));
  assert.equal(channelOf(feed(articles, "xml")).title, permitted);
  assert.equal(item.title, permitted);
  assert.equal(item.category, "<R&D>");
  assert.equal(item.link, "https://blog.example/@ines/%C3%BC?a&b");
  // Readers take a description for HTML.
  assert.equal(item.description, permitted.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;"));

  const entry = entryOf(feed(articles, "atom"));
  assert.equal(textOf(entry.title), permitted);
  assert.equal(textOf(entry.summary), permitted);
  assert.equal((entry.category as Parsed)["@label"], "<R&D>");

  const json = jsonOf(feed(articles, "json"));
  assert.equal(json.title, permitted);
  assert.equal(json.items[0]?.title, permitted);
  assert.deepEqual(json.items[0]?.tags, ["<R&D>"]);
});

test("an item is known by its article, so that a new address does not make it new", () => {
  for (const [before, after] of [["/@ines/a", "/@ines/b"]] as const) {
    for (const [format, id] of [["xml", (text: string) => textOf(itemOf(text).guid)], ["atom", (text: string) => entryOf(text).id], ["json", (text: string) => jsonOf(text).items[0]?.id]] as const) {
      assert.equal(id(feed([article({ url: before })], format)), "urn:uuid:0193cccc-0000-7000-8000-000000000001");
      assert.equal(id(feed([article({ url: after })], format)), "urn:uuid:0193cccc-0000-7000-8000-000000000001");
    }
  }
});

test("dates are as each format wants them, and the feed carries the newest change", () => {
  const articles = [article({ editedAt: "2026-11-23T09:00:00Z" })];
  const item = feed(articles, "xml");
  assert.match(item, /<pubDate>Sun, 22 Nov 2026 08:04:00 GMT<\/pubDate>/);
  assert.match(item, /<lastBuildDate>Mon, 23 Nov 2026 09:00:00 GMT<\/lastBuildDate>/);
  assert.equal(entryOf(feed(articles, "atom")).updated, "2026-11-23T09:00:00.000Z");
  assert.equal(entryOf(feed(articles, "atom")).published, "2026-11-22T08:04:00.000Z");
  assert.equal(jsonOf(feed(articles, "json")).items[0]?.date_modified, "2026-11-23T09:00:00.000Z");
});

test("whole texts have absolute addresses; a summary has none of the text and says what the text is about", () => {
  const html = `<p>It <a href="/@bo/x">links</a>.</p><p><img src="/images/1/1200" srcset="/images/1/384 384w, /images/1/640 640w" alt=""></p>`;
  const full = itemOf(feed([article({}, { html })], "xml"))["content:encoded"];
  assert.match(String(full), /href="https:\/\/blog\.example\/@bo\/x".*srcset="https:\/\/blog\.example\/images\/1\/384 384w, https:\/\/blog\.example\/images\/1\/640 640w"/);
  assert.equal(textOf(entryOf(feed([article({}, { html })], "atom")).content), full);
  assert.equal(jsonOf(feed([article({}, { html })], "json")).items[0]?.content_html, full);

  const summary = feed([article({}, { html })], "json", { content: "summary" });
  assert.equal(jsonOf(summary).items[0]?.content_html, undefined);
  assert.equal(jsonOf(summary).items[0]?.content_text, "It links.");
  assert.equal(jsonOf(summary).feed_url, "https://blog.example/@ines/feed.json?content=summary");
  assert.equal(itemOf(feed([article({}, { html })], "xml", { content: "summary" }))["content:encoded"], undefined);
});

test("an article too long for a feed is in it without its text", () => {
  const item = jsonOf(feed([article({ title: "Long" }, { html: null })], "json")).items[0];
  assert.equal(item?.content_html, undefined);
  assert.equal(item?.content_text, "Long");
});

test("a feed names itself, its newest page, what is older, and the hub on the newest page alone", () => {
  const newest = feed([article()], "atom", { next: "a b" });
  assert.match(newest, /<link rel="self" href="https:\/\/blog\.example\/@ines\/feed\.atom" type/);
  assert.match(newest, /<link rel="next" href="https:\/\/blog\.example\/@ines\/feed\.atom\?page=a%20b" type/);
  assert.match(newest, /<link rel="hub" href="https:\/\/blog\.example\/websub"\/>/);
  const older = feed([article()], "atom", { at: "a b" });
  assert.match(older, /<link rel="self" href="https:\/\/blog\.example\/@ines\/feed\.atom\?page=a%20b" type/);
  assert.match(older, /<link rel="first" href="https:\/\/blog\.example\/@ines\/feed\.atom" type/);
  assert.doesNotMatch(older, /rel="(hub|next)"/);
  assert.equal(jsonOf(feed([article()], "json", { next: "x" })).next_url, "https://blog.example/@ines/feed.json?page=x");
});

test("a language is named when it is one, of the whole feed when all agree", () => {
  const text = feed([article({}, { language: "de-AT" }), article({}, { language: null })], "xml");
  assert.match(text, /<dc:language>de-AT<\/dc:language>/);
  assert.match(text, /<language>de-AT<\/language>/);
  assert.doesNotMatch(feed([article({}, { language: "de" }), article({}, { language: "en" })], "xml"), /<language>/);
  assert.doesNotMatch(feed([article({}, { language: "-not-a-language-" })], "atom"), /xml:lang/);
});

test("a cover is a picture in every format", () => {
  const articles = [article({ cover: { url: "/media/0193cccc-0000-7000-8000-000000000009", width: 1600, height: 900, alt: "A pier" } })];
  const url = "https://blog.example/images/0193cccc-0000-7000-8000-000000000009/1200";
  assert.equal((itemOf(feed(articles, "xml"))["media:content"] as Parsed)["@url"], url);
  assert.match(feed(articles, "atom"), new RegExp(`<link rel="enclosure" href="${url}" title="A pier"/>`));
  assert.equal(jsonOf(feed(articles, "json")).items[0]?.image, url);
});

test("an empty feed is a feed", () => {
  assert.equal(XMLValidator.validate(feed([], "xml")), true);
  assert.doesNotMatch(feed([], "xml"), /lastBuildDate/);
  assert.equal(parsed(feed([], "atom"), "feed").updated, "1970-01-01T00:00:00.000Z");
  assert.deepEqual(jsonOf(feed([], "json")).items, []);
});

test("addresses in a text become absolute wherever they stand in a tag, and nowhere else", () => {
  const page = "https://blog.example/@ines/a";
  assert.equal(absolute('<a href="#fn-1">1</a>', page), '<a href="https://blog.example/@ines/a#fn-1">1</a>');
  assert.equal(absolute('<a href="b?x=1&amp;y=&quot;">1</a>', page), '<a href="https://blog.example/@ines/b?x=1&amp;y=%22">1</a>');
  assert.equal(absolute('<a href="mailto:a@b.example">1</a>', page), '<a href="mailto:a@b.example">1</a>');
  assert.equal(absolute('<p>say href=&quot;/x&quot; and  href="/x"</p>', page), '<p>say href=&quot;/x&quot; and  href="/x"</p>');
  assert.equal(absolute('<a title="a &gt; b" href="/x">1</a>', page), '<a title="a &gt; b" href="https://blog.example/x">1</a>');
});

test("what is written is well-formed whatever it says", () => {
  const text = xmlDocument(element("a", { b: `<"&'\n\t\r`, c: null, d: undefined, e: 1 }, hostile, false, null, [element("f", {})]));
  assert.equal(XMLValidator.validate(text), true);
  assert.match(text, /<a b="&lt;&quot;&amp;'&#10;&#9;&#13;" e="1">/);
  assert.equal(escaped("a\uD800b\uDC00c\u{1F600}"), "abc\u{1F600}");
});
