// Atom (RFC 4287) with paging (RFC 5005 section 3).
import { commonLanguage, type Feed, type FeedAuthor, type FeedItem } from "./feed";
import { element, xmlDocument, type Markup } from "./xml";

const person = ({ name, url }: FeedAuthor) => element("author", {}, element("name", {}, name || url), element("uri", {}, url));

const link = (rel: string, href: string | undefined, type?: string) => href !== undefined && element("link", { rel, href, type });

const entry = (of: FeedItem, origin: string): Markup =>
  element("entry", { "xml:lang": of.language },
    element("id", {}, of.id),
    element("title", { type: "text" }, of.title),
    link("alternate", of.url, "text/html"),
    element("published", {}, of.publishedAt.toISOString()),
    element("updated", {}, of.changedAt.toISOString()),
    of.authors.map(person),
    of.topics.map(({ name, slug }) => element("category", { term: slug, scheme: new URL("/topics/", origin).href, label: name })),
    link("replies", of.comments, "text/html"),
    of.image && element("link", { rel: "enclosure", href: of.image.url, title: of.image.alt || null }),
    element("summary", { type: "text" }, of.summary),
    of.html && element("content", { type: "html" }, of.html));

export function atom(feed: Feed): string {
  const root = element("feed", { xmlns: "http://www.w3.org/2005/Atom", "xml:lang": commonLanguage(feed) },
    element("id", {}, feed.id),
    element("title", { type: "text" }, feed.title),
    element("subtitle", { type: "text" }, feed.description),
    element("updated", {}, feed.changedAt.toISOString()),
    link("alternate", feed.page, "text/html"),
    link("self", feed.self, "application/atom+xml"),
    link("first", feed.first, "application/atom+xml"),
    link("next", feed.next, "application/atom+xml"),
    link("hub", feed.hub),
    feed.author && person(feed.author),
    element("generator", {}, "Blog"),
    element("icon", {}, new URL("/icons/192.png", feed.origin).href),
    feed.items.map((item) => entry(item, feed.origin)));
  return xmlDocument(root);
}
