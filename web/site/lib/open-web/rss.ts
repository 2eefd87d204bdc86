// RSS 2.0 (rssboard.org/rss-specification), with Atom's links, Dublin Core's creator and language, the whole text (content), pictures (Media RSS) and
// paging (RFC 5005 appendix B).
import { commonLanguage, type Feed, type FeedItem } from "./feed";
import { element, escaped, xmlDocument, type Markup } from "./xml";

const namespaces = {
  "xmlns:atom": "http://www.w3.org/2005/Atom",
  "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
  "xmlns:dc": "http://purl.org/dc/elements/1.1/",
  "xmlns:media": "http://search.yahoo.com/mrss/",
};

/** RFC 822 with a year of four digits. */
const date = (at: Date) => at.toUTCString();

const item = (of: FeedItem): Markup =>
  element("item", {},
    element("title", {}, of.title),
    element("link", {}, of.url),
    element("guid", { isPermaLink: "false" }, of.id),
    element("pubDate", {}, date(of.publishedAt)),
    of.changedAt > of.publishedAt && element("atom:updated", {}, of.changedAt.toISOString()),
    of.authors.map(({ name }) => element("dc:creator", {}, name)),
    of.language && element("dc:language", {}, of.language),
    of.topics.map(({ name }) => element("category", {}, name)),
    element("comments", {}, of.comments),
    // A description is HTML to those who read it, so plain text is escaped as HTML first.
    element("description", {}, escaped(of.summary)),
    of.html && element("content:encoded", {}, of.html),
    of.image && element("media:content", { url: of.image.url, medium: "image", width: of.image.width, height: of.image.height },
      of.image.alt && element("media:description", { type: "plain" }, of.image.alt)));

export function rss(feed: Feed): string {
  const link = (rel: string, href: string | undefined, type?: string) => href !== undefined && element("atom:link", { rel, href, type });
  const channel = element("channel", {},
    element("title", {}, feed.title),
    element("link", {}, feed.page),
    element("description", {}, feed.description),
    link("self", feed.self, "application/rss+xml"),
    link("first", feed.first, "application/rss+xml"),
    link("next", feed.next, "application/rss+xml"),
    link("hub", feed.hub),
    commonLanguage(feed) !== undefined && element("language", {}, commonLanguage(feed)),
    feed.items.length > 0 && element("lastBuildDate", {}, date(feed.changedAt)),
    element("generator", {}, "Blog"),
    element("docs", {}, "https://www.rssboard.org/rss-specification"),
    feed.items.map(item));
  return xmlDocument(element("rss", { version: "2.0", ...namespaces }, channel));
}
