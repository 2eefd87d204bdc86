import assert from "node:assert/strict";
import { test } from "node:test";
import type { ArticlePage } from "@blog/api";
import { articleAt, embedding } from "@/lib/open-web/oembed";
import { entriesOfFile } from "@/lib/open-web/sitemaps";

const origin = "https://blog.example";

const article: ArticlePage = {
  id: "0193cccc-0000-7000-8000-000000000001",
  slug: "a",
  url: "/@ines/a",
  title: `"><script>alert(1)</script>\u0000`,
  description: "",
  author: { id: "1", handle: "ines", name: "Ines", bio: "", avatarUrl: null, unclaimed: false },
  coAuthors: [],
  coAuthorNames: [],
  publication: null,
  topics: [],
  cover: { url: "/media/0193cccc-0000-7000-8000-000000000009", width: 1600, height: 800, alt: "" },
  publishedAt: "2026-11-22T08:04:00Z",
  editedAt: null,
  readingMinutes: 1,
  html: "<p>Words</p>",
  headings: [],
  canonicalUrl: null,
  language: null,
  wordCount: 1,
  counts: null, series: null, translations: null,
};

test("a story is embedded as a card that fits, and nothing in its title becomes markup", () => {
  const fields = embedding(article, origin, Infinity, Infinity);
  assert.deepEqual([fields.type, fields.version, fields.width, fields.height], ["rich", "1.0", 640, 216]);
  assert.equal(fields.title, `"><script>alert(1)</script>`);
  assert.equal(
    fields.html,
    '<iframe src="https://blog.example/embed/@ines/a" title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" width="640" height="216" style="border:0;max-width:100%" loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
  );
});

test("no part of an answer is larger than was asked for", () => {
  const narrow = embedding(article, origin, 400, 200);
  assert.deepEqual([narrow.type, narrow.width, narrow.height, narrow.thumbnail_width, narrow.thumbnail_height], ["rich", 400, 200, 384, 192]);
  const tiny = embedding(article, origin, 100, 100);
  assert.deepEqual([tiny.type, tiny.html, tiny.thumbnail_url], ["link", undefined, undefined]);
});

test("only an address of a story here names a story", () => {
  assert.deepEqual(articleAt("https://blog.example/@ines/%C3%BC?utm=1#x", origin), { handle: "ines", slug: "ü" });
  for (const other of ["https://blog.example/@ines", "https://evil.example/@ines/a", "https://blog.example.evil.example/@ines/a", "https://blog.example/@ines/a/b", "javascript:alert(1)", "", "https://blog.example/@ines/%ff"])
    assert.equal(articleAt(other, origin), undefined, other);
});

test("a sitemap has at most as many entries as the protocol allows", () => {
  assert.equal(entriesOfFile(undefined), 50_000);
  assert.equal(entriesOfFile("7"), 7);
  assert.equal(entriesOfFile("70000"), 50_000);
  assert.equal(entriesOfFile("none"), 50_000);
});
