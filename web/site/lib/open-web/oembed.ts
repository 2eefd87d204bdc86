// An oEmbed provider (oembed.com, version 1.0): a story's address in, a card that may stand in other people's pages out.
import type { GetServerSideProps } from "next";
import type { ArticlePage } from "@blog/api";
import { api, pageOf, publicOrigin } from "@/lib/api";
import { namesOf } from "@/lib/authors";
import { cacheable, one, otherwise, traceOf, type Context, type Result } from "@/lib/page";
import { widths } from "@/lib/pictures";
import { reading } from "@/messages/reading";
import { element, permitted, xmlDocument } from "./xml";

/** Of the card, in CSS pixels. Within less it cannot be drawn; then a link is all that is offered. */
const card = { width: 640, height: 216, leastWidth: 240, leastHeight: 180 };

/** A day: consumers keep what they got, and a card draws itself anew anyway. */
const cacheAge = 86_400;

type Fields = Readonly<Record<string, string | number | undefined>>;

const html = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

/** What is said of an article to somebody who has so much room. */
export function embedding(article: ArticlePage, origin: string, maxWidth: number, maxHeight: number): Fields {
  const width = Math.min(card.width, maxWidth);
  const height = Math.min(card.height, maxHeight);
  const source = `${origin}/embed${article.url}`;
  const { cover } = article;
  // A thumbnail obeys the same limits as the card.
  const scaled = cover && widths.findLast((candidate) => candidate <= Math.min(cover.width, maxWidth) && Math.round((candidate * cover.height) / cover.width) <= maxHeight);
  const about = {
    version: "1.0",
    title: permitted(article.title),
    author_name: permitted(namesOf(article)),
    author_url: `${origin}/@${article.author.handle}`,
    provider_name: reading.site.name,
    provider_url: `${origin}/`,
    cache_age: cacheAge,
    ...(cover && scaled && {
      thumbnail_url: `${origin}${cover.url.replace(/^\/media\//, "/images/")}/${scaled}`,
      thumbnail_width: scaled,
      thumbnail_height: Math.round((scaled * cover.height) / cover.width),
    }),
  };
  return width < card.leastWidth || height < card.leastHeight
    ? { type: "link", ...about }
    : {
        type: "rich",
        ...about,
        width,
        height,
        // Without scripts and without our origin's rights, whatever the page around it is; a click opens the story in a tab of its own.
        html: `<iframe src="${html(source)}" title="${html(about.title)}" width="${width}" height="${height}" style="border:0;max-width:100%" loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`,
      };
}

const inXml = (fields: Fields) => xmlDocument(element("oembed", {}, Object.entries(fields).map(([name, value]) => value !== undefined && element(name, {}, String(value)))));

/** The article an address of ours names: its author's handle and its slug. */
export function articleAt(address: string, origin: string): { handle: string; slug: string } | undefined {
  try {
    const url = new URL(address);
    const [, handle, slug] = /^\/@([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
    return url.origin === new URL(origin).origin && handle && slug ? { handle: decodeURIComponent(handle), slug: decodeURIComponent(slug) } : undefined;
  } catch {
    return undefined;
  }
}

/** A limit somebody named, in pixels; undefined: not a number. */
function limit(value: string | undefined): number | undefined {
  if (value === undefined) return Infinity;
  return /^\d{1,6}$/.test(value) && Number(value) > 0 ? Number(value) : undefined;
}

function plain({ res }: Context, status: number, text: string): Result {
  res.statusCode = status;
  res.setHeader("Content-Type", "text/plain; charset=utf-8");
  res.end(`${text}\n`);
  return { props: {} };
}

/** /oembed */
export const oembed: GetServerSideProps = async (context) => {
  const { query, res } = context;
  res.setHeader("Access-Control-Allow-Origin", "*");
  cacheable(context, []);
  const format = one(query.format) ?? "json";
  // Section 2.3.3: 501 for a format that is not offered.
  if (format !== "json" && format !== "xml") return plain(context, 501, "Offered are json and xml.");
  const [address, maxWidth, maxHeight] = [one(query.url), limit(one(query.maxwidth)), limit(one(query.maxheight))];
  if (address === undefined) return plain(context, 400, "Name the story: url=https://…");
  if (maxWidth === undefined || maxHeight === undefined) return plain(context, 400, "maxwidth and maxheight are numbers of pixels.");
  const origin = publicOrigin();
  let named = articleAt(address, origin);
  let article = named && (await api.article(named.handle, named.slug, traceOf(context)));
  if (article?.kind === "moved") {
    named = articleAt(new URL(pageOf(article.location), origin).href, origin);
    article = named && (await api.article(named.handle, named.slug, traceOf(context)));
  }
  if (article?.kind === "failed") return otherwise(context, article);
  if (article?.kind !== "found") return plain(context, 404, "There is no such story here.");
  const { id, author } = article.body;
  cacheable(context, [`article:${id}`, `author:${author.id}`]);
  const fields = embedding(article.body, origin, maxWidth, maxHeight);
  res.setHeader("Content-Type", format === "json" ? "application/json; charset=utf-8" : "text/xml; charset=utf-8");
  res.end(format === "json" ? `${JSON.stringify(fields)}\n` : inXml(fields));
  return { props: {} };
};
