// RSS 2.0 (rssboard.org/rss-specification) with Atom's self link and Dublin Core's creator.
import type { ArticleCard } from "@blog/api";

export interface Channel {
  title: string;
  description: string;
  origin: string;
  /** Path of the page the feed belongs to. */
  page: string;
  /** Path of the feed. */
  self: string;
}

/** Text as XML 1.0 character data: markup escaped, characters XML forbids (section 2.2) left out. */
export function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&apos;");
}

const date = (instant: string) => new Date(instant).toUTCString();

export function rss(channel: Channel, articles: readonly ArticleCard[]): string {
  const absolute = (path: string) => xml(new URL(path, channel.origin).href);
  const newest = articles.reduce((latest, { publishedAt, editedAt }) => Math.max(latest, Date.parse(editedAt ?? publishedAt)), 0);
  const items = articles.map(
    (article) => `
    <item>
      <title>${xml(article.title)}</title>
      <link>${absolute(article.url)}</link>
      <guid isPermaLink="false">urn:uuid:${xml(article.id)}</guid>
      <pubDate>${date(article.publishedAt)}</pubDate>
      <dc:creator>${xml(article.author.name)}</dc:creator>${article.topics.map((topic) => `
      <category>${xml(topic.name)}</category>`).join("")}
      <description>${xml(article.description)}</description>
    </item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>${xml(channel.title)}</title>
    <link>${absolute(channel.page)}</link>
    <description>${xml(channel.description)}</description>
    <atom:link href="${absolute(channel.self)}" rel="self" type="application/rss+xml"/>${newest > 0 ? `
    <lastBuildDate>${new Date(newest).toUTCString()}</lastBuildDate>` : ""}${items.join("")}
  </channel>
</rss>
`;
}
