// A feed before it has a format. What each format calls these things is in rss.ts, atom.ts and json-feed.ts.
import type { Author, SyndicatedArticle } from "@blog/api";
import { authorsOf } from "../authors";
import { excerpt } from "../excerpt";
import { sourceOf } from "../pictures";
import { absolute } from "./absolute";

export const formats = ["xml", "atom", "json"] as const;
export type Format = (typeof formats)[number];

/** Media types: RSS (by use, never registered), RFC 4287 section 7, jsonfeed.org version 1.1. */
export const mediaTypes: Readonly<Record<Format, string>> = { xml: "application/rss+xml", atom: "application/atom+xml", json: "application/feed+json" };

/** The address of the same feed in another format. */
export const inFormat = (address: string, format: Format): string => address.replace(/\/feed\.xml(?=\?|$)/, `/feed.${format}`);

/** Whole texts, or what each is about. */
export type Content = "full" | "summary";

export interface FeedAuthor {
  name: string;
  url: string;
  avatar?: string;
}

export interface FeedItem {
  /** Never changes, whatever becomes of title and address. */
  id: string;
  url: string;
  comments: string;
  title: string;
  /** Plain text. */
  summary: string;
  /** Sanitised, with absolute addresses; undefined in a summary, and where the text is too long for a feed. */
  html?: string;
  language?: string;
  publishedAt: Date;
  changedAt: Date;
  /** In the order of the byline. */
  authors: readonly FeedAuthor[];
  topics: readonly { name: string; slug: string }[];
  image?: { url: string; width: number; height: number; alt: string };
}

export interface Feed {
  id: string;
  title: string;
  description: string;
  origin: string;
  /** Absolute addresses: the page the feed belongs to, and of this document. */
  page: string;
  self: string;
  /** RFC 5005 section 3: the newest page, and the one with what is older. */
  first: string;
  next?: string;
  /** WebSub: who tells of news; only of the newest page. */
  hub?: string;
  changedAt: Date;
  author?: FeedAuthor;
  items: FeedItem[];
}

/** What a feed is about. */
export interface Channel {
  /** Identifies the feed whatever its address. */
  id: string;
  title: string;
  description: string;
  origin: string;
  /** Path of the page the feed belongs to. */
  page: string;
  /** Path of the feed without its ending: "/@ada/feed". */
  base: string;
  /** What is searched for, as it stands in the address. Such a feed has no texts, and nobody is told of its news. */
  query?: string;
  author?: Author;
  /** When there is nothing in it yet. */
  since?: string;
}

/** xml:lang and its like take tags of this form (BCP 47, roughly); authors may have typed anything. */
const language = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i;

const authorOf = (author: Author, origin: string): FeedAuthor => ({
  name: author.name,
  url: new URL(`/@${author.handle}`, origin).href,
  avatar: author.avatarUrl ? new URL(author.avatarUrl, origin).href : undefined,
});

function itemOf({ article, language: tag, html }: SyndicatedArticle, origin: string, content: Content): FeedItem {
  const url = new URL(article.url, origin).href;
  const cover = article.cover;
  return {
    id: `urn:uuid:${article.id}`,
    url,
    comments: `${url}/responses`,
    title: article.title,
    summary: article.description || (html ? excerpt(html) : ""),
    html: content === "full" && html ? absolute(html, url) : undefined,
    language: tag && language.test(tag) ? tag : undefined,
    publishedAt: new Date(article.publishedAt),
    changedAt: new Date(article.editedAt ?? article.publishedAt),
    authors: authorsOf(article).map((author) => authorOf(author, origin)),
    topics: article.topics.map(({ name, slug }) => ({ name, slug })),
    image: cover ? { url: new URL(sourceOf(cover.url, cover.width, 1200).src, origin).href, width: cover.width, height: cover.height, alt: cover.alt } : undefined,
  };
}

/** @param at Where in the list this document begins; undefined: the newest. */
export function feedOf(channel: Channel, articles: readonly SyndicatedArticle[], format: Format, content: Content, at?: string, nextPage?: string | null): Feed {
  const { origin } = channel;
  const items = articles.map((article) => itemOf(article, origin, content));
  const address = (page?: string | null) => {
    const chosen = channel.query ?? (content === "summary" ? "content=summary" : undefined);
    const query = [...(chosen ? [chosen] : []), ...(page ? [`page=${encodeURIComponent(page)}`] : [])].join("&");
    return new URL(`${channel.base}.${format}${query && `?${query}`}`, origin).href;
  };
  return {
    id: channel.id,
    title: channel.title,
    description: channel.description,
    origin,
    page: new URL(channel.page, origin).href,
    self: address(at),
    first: address(),
    next: nextPage ? address(nextPage) : undefined,
    hub: at || channel.query ? undefined : new URL("/websub", origin).href,
    changedAt: new Date(Math.max(...items.map((item) => item.changedAt.getTime()), channel.since ? Date.parse(channel.since) : 0)),
    author: channel.author && authorOf(channel.author, origin),
    items,
  };
}

/** The language of all items that name one; undefined when they differ. */
export function commonLanguage({ items }: Feed): string | undefined {
  const languages = new Set(items.flatMap((item) => item.language ?? []));
  return languages.size === 1 ? [...languages][0] : undefined;
}
