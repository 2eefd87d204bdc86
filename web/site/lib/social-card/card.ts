// What the picture of a story says that has none of its own, and where it is: under an address that changes with what it says.
import { createHash } from "node:crypto";
import type { ArticlePage } from "@blog/api";
import { namesOf } from "@/lib/authors";
import { directionOf } from "@/lib/languages";
import { reading } from "@/messages/reading";

/** In pixels, as link previews want them (ogp.me; 1.91 to 1). */
export const size = { width: 1200, height: 630 } as const;

/** Of how it is drawn: another number is another address for every card. */
const version = 1;

export interface SocialCard {
  title: string;
  authors: string;
  publication: string;
  site: string;
  direction: "ltr" | "rtl";
}

type Shown = Pick<ArticlePage, "title" | "author" | "coAuthors" | "publication" | "language" | "url">;

const startsRightToLeft = (text: string) => /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u.test(text);

export function cardOf(article: Shown): SocialCard {
  return {
    title: article.title || reading.story.untitled,
    authors: namesOf(article),
    publication: article.publication?.name ?? "",
    site: reading.site.name,
    direction: directionOf(article.language) ?? (startsRightToLeft(article.title) ? "rtl" : "ltr"),
  };
}

/** Names what a card says: 96 bits of its SHA-256. */
export const nameOf = (card: SocialCard): string => createHash("sha256").update(JSON.stringify([version, card])).digest("base64url").slice(0, 16);

/** Path of the card as it is now. */
export const cardPath = (article: Shown): string => `/cards${article.url}/${nameOf(cardOf(article))}.png`;

interface Picture {
  url: string;
  width: number;
  height: number;
  alt: string;
}

/** Narrower than this a picture in a text is a detail, not what the story looks like. */
const leastWidth = 600;

/** The first picture in a text that is wide enough to stand for it. */
export function firstPicture(html: string): Picture | undefined {
  for (const [tag] of html.matchAll(/<img\b[^>]*>/g)) {
    const value = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
    const id = /^\/(?:images|media)\/([0-9a-f-]{36})(?:\/|$)/.exec(value("src"))?.[1];
    const [width, height] = [Number(value("width")), Number(value("height"))];
    if (id && width >= leastWidth && height > 0 && height <= 2 * width) return { url: `/media/${id}`, width, height, alt: unescaped(value("alt")) };
  }
  return undefined;
}

const unescaped = (text: string) => text.replace(/&quot;/g, '"').replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/** How a link to a story looks elsewhere: its cover, the first picture in it, or a card with its title. */
export const pictureOf = (article: Shown & Pick<ArticlePage, "cover" | "html">): Picture =>
  article.cover ?? firstPicture(article.html) ?? { url: cardPath(article), ...size, alt: reading.article.cardAlt(article.title || reading.story.untitled, namesOf(article)) };
