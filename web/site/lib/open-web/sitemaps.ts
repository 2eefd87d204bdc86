// Sitemaps (sitemaps.org/protocol.html) with Google's extensions for pictures and news. /sitemap.xml names the others; each has at most 50,000 addresses.
import type { GetServerSideProps } from "next";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { PublicPage, SyndicatedArticle } from "@blog/api";
import { api, publicOrigin, type PublicPageKind } from "@/lib/api";
import { cacheable, one, refuse, traceOf, type Context, type Result } from "@/lib/page";
import { reading } from "@/messages/reading";
import { element, xmlDocument, type Markup } from "./xml";

const kinds = ["articles", "people", "topics", "publications", "series"] as const satisfies readonly PublicPageKind[];
const sitemap = "http://www.sitemaps.org/schemas/sitemap/0.9";
const newsLasts = 48 * 60 * 60 * 1000;
const mostNews = 1000;

/** Addresses in one file: what the protocol allows, or fewer (configuration Blog:Sitemap:Entries). */
export function entriesOfFile(configured = process.env.Blog__Sitemap__Entries): number {
  const wanted = Number(configured);
  return Number.isInteger(wanted) && wanted >= 1 ? Math.min(wanted, 50_000) : 50_000;
}

const absolute = (path: string) => new URL(path, publicOrigin()).href;

/** W3C Datetime, to the second. */
const moment = (at: string) => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");

function away(context: Context): Result {
  const { res } = context;
  res.statusCode = 503;
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Retry-After", "30");
  res.end();
  return { props: {} };
}

function send(context: Context, document: string, type = "application/xml"): Result {
  context.res.setHeader("Content-Type", `${type}; charset=utf-8`);
  context.res.end(document);
  return { props: {} };
}

/** /sitemap.xml */
export const index: GetServerSideProps = async (context) => {
  const trace = traceOf(context);
  const [parts, news] = await Promise.all([Promise.all(kinds.map((kind) => api.publicPageParts(kind, entriesOfFile(), trace))), recent(trace)]);
  cacheable(context, ["list"]);
  const entry = (path: string, changedAt?: string) => element("sitemap", {}, element("loc", {}, absolute(path)), changedAt !== undefined && element("lastmod", {}, moment(changedAt)));
  const entries: Markup[] = [entry("/sitemaps/pages.xml")];
  for (const [at, kind] of kinds.entries()) {
    const found = parts[at];
    if (found?.kind !== "found") return away(context);
    entries.push(...found.body.items.map(({ changedAt }, n) => entry(`/sitemaps/${kind}-${n + 1}.xml`, changedAt)));
  }
  if (!news) return away(context);
  if (news[0]) entries.push(entry("/sitemaps/news.xml", news[0].article.publishedAt));
  return send(context, xmlDocument(element("sitemapindex", { xmlns: sitemap }, entries)));
};

/** Articles of the last two days, newest first, as many as the news extension allows; undefined: they cannot be had. */
async function recent(trace?: string): Promise<SyndicatedArticle[] | undefined> {
  const since = Date.now() - newsLasts;
  const articles: SyndicatedArticle[] = [];
  let pageToken: string | undefined;
  do {
    const page = await api.syndication({ pageSize: 100, pageToken }, trace);
    if (page.kind !== "found") return undefined;
    const fresh = page.body.items.filter(({ article }) => Date.parse(article.publishedAt) >= since);
    articles.push(...fresh);
    pageToken = fresh.length === page.body.items.length ? (page.body.nextPageToken ?? undefined) : undefined;
  } while (pageToken && articles.length < mostNews);
  return articles.slice(0, mostNews);
}

/** /sitemaps/{name}.xml */
export const file: GetServerSideProps = async (context) => {
  const name = one(context.params?.name) ?? "";
  if (name === "pages.xml") {
    cacheable(context, ["list"]);
    return send(context, urlSet({}, ["/", "/topics"].map((path) => element("url", {}, element("loc", {}, absolute(path))))));
  }
  if (name === "news.xml") return news(context);
  const [, kind, number] = /^(articles|people|topics|publications|series)-([1-9]\d{0,5})\.xml$/.exec(name) ?? [];
  return kind && number ? part(context, kind as PublicPageKind, Number(number)) : refuse(context, "missing");
};

async function news(context: Context): Promise<Result> {
  const articles = await recent(traceOf(context));
  if (!articles) return away(context);
  cacheable(context, ["list"]);
  return send(context, urlSet({ "xmlns:news": "http://www.google.com/schemas/sitemap-news/0.9" }, articles.filter(({ canonicalUrl }) => !canonicalUrl).map(({ article, language }) =>
    element("url", {},
      element("loc", {}, absolute(article.url)),
      element("news:news", {},
        // The extension wants a language; what does not name one is taken for the site's.
        element("news:publication", {}, element("news:name", {}, reading.site.name), element("news:language", {}, /^[a-z]{2,3}(?=-|$)|^zh-(cn|tw)$/i.exec(language ?? "")?.[0].toLowerCase() ?? "en")),
        element("news:publication_date", {}, moment(article.publishedAt)),
        element("news:title", {}, article.title))))));
}

const urlSet = (namespaces: Record<string, string>, urls: readonly Markup[]) => xmlDocument(element("urlset", { xmlns: sitemap, ...namespaces }, urls));

const url = ({ url: path, changedAt, image, translations }: PublicPage): Markup =>
  element("url", {},
    element("loc", {}, absolute(path)),
    element("lastmod", {}, moment(changedAt)),
    translations?.map((each) => element("xhtml:link", { rel: "alternate", hreflang: each.language, href: absolute(each.url) })),
    translations?.[0] && element("xhtml:link", { rel: "alternate", hreflang: "x-default", href: absolute(translations[0].url) }),
    image && element("image:image", {}, element("image:loc", {}, absolute(image.url))));

/** Written while it is read, a thousand addresses at a time. */
async function part(context: Context, kind: PublicPageKind, number: number): Promise<Result> {
  const { res } = context;
  const trace = traceOf(context);
  const parts = await api.publicPageParts(kind, entriesOfFile(), trace);
  if (parts.kind !== "found") return away(context);
  cacheable(context, ["list"]);
  const here = parts.body.items[number - 1];
  if (!here) return refuse(context, "missing");
  let after = parts.body.items[number - 2]?.lastKey;
  let begun = false;
  for (;;) {
    const page = await api.publicPages({ kind, after, until: here.lastKey }, trace);
    if (page.kind !== "found") {
      // Half a document must not pass for a whole one.
      if (begun) res.destroy();
      return begun ? { props: {} } : away(context);
    }
    if (!begun) {
      res.setHeader("Content-Type", "application/xml; charset=utf-8");
      await write(res, `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="${sitemap}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n`);
      begun = true;
    }
    await write(res, page.body.items.map((found) => `${url(found).source}\n`).join(""));
    if (!page.body.nextAfter) break;
    after = page.body.nextAfter;
  }
  res.end("</urlset>\n");
  return { props: {} };
}

async function write(res: ServerResponse, text: string): Promise<void> {
  if (text && !res.write(text)) await once(res, "drain");
}

const personal = ["/write", "/me/", "/following", "/settings", "/bff/", "/account/", "/connect/", "/newsletter/", "/unsubscribe", "/offline", "/search?", "/api/v1/me/"];

/** /robots.txt (RFC 9309) */
export const robots: GetServerSideProps = async (context) => {
  cacheable(context, ["list"]);
  return send(context, `User-agent: *\n${personal.map((path) => `Disallow: ${path}\n`).join("")}\nSitemap: ${absolute("/sitemap.xml")}\n`, "text/plain");
};
