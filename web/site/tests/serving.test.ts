// Feeds and sitemaps as they are served, against a BFF that says what its contract says.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { GetServerSideProps } from "next";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { personFeed, searchFeed, siteFeed, topicFeed } from "@/lib/open-web/serve";
import { file, index, robots } from "@/lib/open-web/sitemaps";

const articles = Array.from({ length: 5 }, (_, n) => ({ url: `/@ines/${n}`, changedAt: "2026-01-01T00:00:00Z", image: n === 0 ? { url: "/media/1", width: 1, height: 1, alt: "" } : null, translations: n === 1 ? [{ language: "en", url: "/@ines/1" }, { language: "zh-Hant", url: "/@ines/%E7%A2%BC" }] : null }));

const found = {
  article: {
    id: "0193cccc-0000-7000-8000-000000000001", slug: "a", url: "/@ines/a", title: "Tides", description: "", topics: [], cover: null, publishedAt: "2026-01-01T00:00:00Z", editedAt: null,
    readingMinutes: 1, author: { id: "1", handle: "ines", name: "Ines", bio: "", avatarUrl: null, unclaimed: false }, coAuthors: [], publication: null,
  },
  title: [],
  passage: [{ text: "at low ", found: false }, { text: "tide", found: true }],
};

let away = false;

const bff = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://bff");
  const send = (status: number, body: object, headers = {}) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  if (away) return send(503, {});
  const kind = searchParams.get("kind");
  switch (pathname) {
    case "/api/v1/public-pages/parts": {
      const size = Number(searchParams.get("size"));
      const pages = kind === "articles" ? articles.length : 1;
      const parts = Array.from({ length: Math.ceil(pages / size) }, (_, n) => ({ lastKey: String(Math.min((n + 1) * size, pages) - 1), pageCount: Math.min(size, pages - n * size), changedAt: "2026-01-01T00:00:00Z" }));
      return send(200, { items: parts });
    }
    case "/api/v1/public-pages": {
      if (kind !== "articles") return send(200, { items: [{ url: `/of/${kind}`, changedAt: "2026-01-01T00:00:00Z", image: null }], nextAfter: null });
      // One at a time, to see that all of them are asked for.
      const next = searchParams.has("after") ? Number(searchParams.get("after")) + 1 : 0;
      const last = Number(searchParams.get("until"));
      return send(200, { items: articles.slice(next, next + 1), nextAfter: next < last ? String(next) : null });
    }
    case "/api/v1/syndication":
      return send(200, { items: [], nextPageToken: null });
    case "/api/v1/search":
      return searchParams.get("sort") === "newest" && searchParams.get("q") === 'tide "low & high"' ? send(200, { items: [found], nextPageToken: "older" }) : send(400, {});
    case "/api/v1/people/moved":
      return send(308, {}, { location: "/api/v1/people/ines" });
    default:
      return send(404, {});
  }
});

before(async () => {
  await new Promise<void>((listening) => bff.listen(0, "127.0.0.1", listening));
  process.env.BLOG_API_ORIGIN = `http://127.0.0.1:${(bff.address() as AddressInfo).port}`;
  process.env.Blog__PublicOrigin = "https://blog.example";
  process.env.Blog__Sitemap__Entries = "2";
});

after(() => {
  bff.close();
  bff.closeAllConnections();
});

async function ask(page: GetServerSideProps, params: Record<string, string> = {}, query: Record<string, string> = {}) {
  const headers = new Map<string, string>();
  let body = "";
  const res = {
    statusCode: 200,
    setHeader: (name: string, value: string) => void headers.set(name, value),
    hasHeader: (name: string) => headers.has(name),
    write: (text: string) => ((body += text), true),
    end: (text = "") => void (body += text),
    destroy: () => void (body = "cut"),
  };
  const resolvedUrl = `/x?${new URLSearchParams(query).toString()}`;
  const result = await page({ req: { headers: {} }, res, params, query, resolvedUrl } as unknown as Parameters<GetServerSideProps>[0]);
  return { status: res.statusCode, headers, body, result };
}

const parsed = (text: string) => {
  assert.equal(XMLValidator.validate(text), true);
  return new XMLParser({ isArray: (name) => name === "url" || name === "sitemap" }).parse(text) as Record<string, { url: { loc: string }[]; sitemap: { loc: string }[] }>;
};

test("a sitemap that grows too long divides, and its parts together are all of it", async () => {
  const listed = parsed((await ask(index)).body).sitemapindex?.sitemap.map(({ loc }) => loc);
  assert.deepEqual(listed, ["pages", "articles-1", "articles-2", "articles-3", "people-1", "topics-1", "publications-1", "series-1"].map((name) => `https://blog.example/sitemaps/${name}.xml`));

  const found: string[] = [];
  for (const n of [1, 2, 3]) {
    const part = await ask(file, { name: `articles-${n}.xml` });
    assert.equal(part.headers.get("Content-Type"), "application/xml; charset=utf-8");
    found.push(...(parsed(part.body).urlset?.url ?? []).map(({ loc }) => loc));
  }
  assert.deepEqual(found, articles.map(({ url }) => `https://blog.example${url}`));
  const { body } = await ask(file, { name: "articles-1.xml" });
  for (const [language, path] of [["en", "/@ines/1"], ["zh-Hant", "/@ines/%E7%A2%BC"], ["x-default", "/@ines/1"]])
    assert.ok(body.includes(`<xhtml:link rel="alternate" hreflang="${language}" href="https://blog.example${path}"/>`), language);
  assert.match(body, /<image:loc>https:\/\/blog\.example\/media\/1<\/image:loc>/);
});

test("a sitemap that does not exist is not found", async () => {
  for (const name of ["articles-4.xml", "articles-0.xml", "drafts-1.xml", "articles-1", "../secrets"]) assert.equal((await ask(file, { name })).status, 404, name);
});

test("while articles cannot be had, a sitemap and a feed say so and are not kept", async () => {
  away = true;
  try {
    for (const page of [index, siteFeed("atom"), personFeed("json"), (context: Parameters<GetServerSideProps>[0]) => file(context)]) {
      const { status, headers } = await ask(page, { person: "@ines", name: "articles-1.xml" });
      assert.deepEqual([status, headers.get("Cache-Control")], [503, "no-store"]);
    }
  } finally {
    away = false;
  }
});

test("robots are told what is nobody's business, and where the sitemap is", async () => {
  const { body, headers } = await ask(robots);
  assert.match(body, /^User-agent: \*\n(Disallow: \/\S+\n)+\nSitemap: https:\/\/blog\.example\/sitemap\.xml\n$/);
  assert.equal(headers.get("Content-Type"), "text/plain; charset=utf-8");
});

test("a feed says who tells of news and what it is, may be read by programs in browsers, and is kept by what is in it", async () => {
  const { headers } = await ask(siteFeed("xml"), {}, { content: "summary" });
  assert.equal(headers.get("Link"), '<https://blog.example/websub>; rel="hub", <https://blog.example/feed.xml?content=summary>; rel="self"');
  assert.deepEqual([headers.get("Access-Control-Allow-Origin"), headers.get("Cache-Tags"), headers.get("Content-Type")], ["*", "list", "application/rss+xml; charset=utf-8"]);
});

test("the feed of somebody who has another name now is there, with what was asked of it; of a topic nobody writes about there is none", async () => {
  const { result } = await ask(personFeed("atom"), { person: "@moved" }, { content: "summary" });
  assert.deepEqual(result, { redirect: { destination: "/@ines/feed.atom?content=summary", statusCode: 301 } });
  assert.equal((await ask(personFeed("atom"), { person: "@nobody" })).status, 404);
  assert.equal((await ask(topicFeed("atom"), { slug: "nothing" })).status, 404);
});

test("a search is a feed too: newest first, with the place that was found, and a way to what is older", async () => {
  const { body, headers } = await ask(searchFeed("json"), {}, { q: 'tide "low & high"' });
  const feed = JSON.parse(body) as { feed_url: string; next_url: string; hubs?: unknown; items: { content_text: string }[] };
  const address = "https://blog.example/search/feed.json?q=tide%20%22low%20%26%20high%22";
  assert.deepEqual([feed.feed_url, feed.next_url, feed.hubs, feed.items[0]?.content_text], [address, `${address}&page=older`, undefined, "at low tide"]);
  assert.equal(headers.get("Link"), `<${address}>; rel="self"`);
  assert.match(headers.get("Cache-Tags") ?? "", /^list article:/);
  assert.equal((await ask(searchFeed("xml"))).status, 404);
  assert.equal((await ask(searchFeed("xml"), {}, { q: "unreadable" })).status, 404);
});
