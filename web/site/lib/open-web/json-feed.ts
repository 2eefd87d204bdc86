// JSON Feed 1.1 (jsonfeed.org/version/1.1).
import { commonLanguage, type Feed, type FeedAuthor, type FeedItem } from "./feed";
import { permitted } from "./xml";

const author = ({ name, url, avatar }: FeedAuthor) => ({ name, url, avatar });

const item = (of: FeedItem) => ({
  id: of.id,
  url: of.url,
  title: of.title,
  // One of the two must be there.
  content_html: of.html,
  content_text: of.html === undefined ? of.summary || of.title : undefined,
  summary: of.summary || undefined,
  image: of.image?.url,
  date_published: of.publishedAt.toISOString(),
  date_modified: of.changedAt.toISOString(),
  authors: of.authors.map(author),
  tags: of.topics.length > 0 ? of.topics.map(({ name }) => name) : undefined,
  language: of.language,
});

export function jsonFeed(feed: Feed): string {
  const document = {
    version: "https://jsonfeed.org/version/1.1",
    title: feed.title,
    home_page_url: feed.page,
    feed_url: feed.self,
    description: feed.description,
    next_url: feed.next,
    icon: feed.author?.avatar ?? new URL("/icons/512.png", feed.origin).href,
    favicon: new URL("/icons/192.png", feed.origin).href,
    authors: feed.author ? [author(feed.author)] : undefined,
    language: commonLanguage(feed),
    hubs: feed.hub ? [{ type: "WebSub", url: feed.hub }] : undefined,
    items: feed.items.map(item),
  };
  // The same words in every format: what XML cannot say is not said here either.
  return `${JSON.stringify(document, (_, value: unknown) => (typeof value === "string" ? permitted(value) : value), 1)}\n`;
}
