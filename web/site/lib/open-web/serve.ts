// Feeds as pages of the site: /feed.xml, /feed.atom, /feed.json, and the same below a person and a topic.
import type { GetServerSideProps } from "next";
import type { SyndicationPage } from "@blog/api";
import { api, publicOrigin, type Answer } from "@/lib/api";
import { authorTags } from "@/lib/authors";
import { cacheable, handleOf, one, otherwise, refuse, traceOf, type Context, type Result } from "@/lib/page";
import { publications } from "@/messages/publications";
import { openWeb } from "@/messages/open-web";
import { reading } from "@/messages/reading";
import { atom } from "./atom";
import { feedOf, mediaTypes, type Channel, type Format } from "./feed";
import { jsonFeed } from "./json-feed";
import { rss } from "./rss";

const writers = { xml: rss, atom, json: jsonFeed };
const pageSize = 30;

interface Asked {
  pageToken?: string;
  content: "full" | "summary";
}

/** Whole texts unless summaries are asked for: a feed is for reading where the reader likes. */
const asked = ({ query }: Parameters<GetServerSideProps>[0]): Asked => ({
  pageToken: one(query.page),
  content: one(query.content) === "summary" ? "summary" : "full",
});

const tail = (format: Format, { resolvedUrl }: Context) => `/feed.${format}${/\?.*/.exec(resolvedUrl)?.[0] ?? ""}`;

/** What a list's document depends on: its stories, who wrote them, and what `more` says. */
function tagged(context: Context, list: Answer<SyndicationPage>, ...more: string[]): void {
  const items = list.kind === "found" ? list.body.items : [];
  cacheable(context, [...more, ...items.flatMap(({ article }) => [`article:${article.id}`, ...authorTags(article)])]);
}

function send(context: Context, list: Answer<SyndicationPage>, channel: Channel, format: Format, { content, pageToken }: Asked): Result {
  const { res } = context;
  if (list.kind === "missing") return refuse(context, "missing");
  if (list.kind !== "found") {
    res.statusCode = 503;
    res.setHeader("Cache-Control", "no-store");
    res.setHeader("Retry-After", "5");
    res.setHeader("Content-Type", "text/plain; charset=utf-8");
    res.end(openWeb.feed.away);
    return { props: {} };
  }
  const feed = feedOf(channel, list.body.items, format, content, pageToken, list.body.nextPageToken);
  // WebSub section 4: what is subscribed to and where, also without reading the document.
  res.setHeader("Link", [...(feed.hub ? [`<${feed.hub}>; rel="hub"`] : []), `<${feed.self}>; rel="self"`].join(", "));
  // Public words that programs in browsers may read as well.
  res.setHeader("Access-Control-Allow-Origin", "*");
  res.setHeader("Content-Type", `${mediaTypes[format]}; charset=utf-8`);
  res.end(writers[format](feed));
  return { props: {} };
}

export const siteFeed = (format: Format): GetServerSideProps => async (context) => {
  const wanted = asked(context);
  const list = await api.syndication({ pageToken: wanted.pageToken, pageSize }, traceOf(context));
  tagged(context, list, "list");
  const { name, description } = reading.site;
  const origin = publicOrigin();
  return send(context, list, { id: `${origin}/`, title: name, description, origin, page: "/", base: "/feed" }, format, wanted);
};

export const personFeed = (format: Format): GetServerSideProps => async (context) => {
  const handle = handleOf(context.params?.person);
  if (!handle) return refuse(context, "missing");
  const [wanted, trace] = [asked(context), traceOf(context)];
  const person = await api.person(handle, trace);
  cacheable(context, [`handle:${handle.toLowerCase()}`]);
  if (person.kind !== "found") return otherwise(context, person, tail(format, context));
  const { id, name, bio, handle: present, createdAt } = person.body;
  const list = await api.syndication({ author: id, pageToken: wanted.pageToken, pageSize }, trace);
  tagged(context, list, `author:${id}`, `handle:${handle.toLowerCase()}`);
  return send(context, list, {
    id: `urn:uuid:${id}`,
    title: `${name} · ${reading.site.name}`,
    description: bio || reading.profile.feedOf(name),
    origin: publicOrigin(),
    page: `/@${present}`,
    base: `/@${present}/feed`,
    author: person.body,
    since: createdAt,
  }, format, wanted);
};

export const publicationFeed = (format: Format): GetServerSideProps => async (context) => {
  const slug = one(context.params?.slug);
  if (!slug) return refuse(context, "missing");
  const [wanted, trace] = [asked(context), traceOf(context)];
  const publication = await api.publication(slug, trace);
  cacheable(context, [`publication-slug:${slug.toLowerCase()}`]);
  if (publication.kind !== "found") return otherwise(context, publication, tail(format, context));
  const { id, name, description, url, createdAt } = publication.body;
  const list = await api.syndication({ publication: id, pageToken: wanted.pageToken, pageSize }, trace);
  tagged(context, list, `publication:${id}`, `publication-slug:${slug.toLowerCase()}`);
  return send(context, list, {
    id: `urn:uuid:${id}`,
    title: `${name} · ${reading.site.name}`,
    description: description || publications.page.feedOf(name),
    origin: publicOrigin(),
    page: url,
    base: `${url}/feed`,
    since: createdAt,
  }, format, wanted);
};

export const topicFeed = (format: Format): GetServerSideProps => async (context) => {
  const slug = one(context.params?.slug);
  if (!slug) return refuse(context, "missing");
  const wanted = asked(context);
  const list = await api.syndication({ topic: slug, pageToken: wanted.pageToken, pageSize }, traceOf(context));
  tagged(context, list, `topic:${slug}`);
  const topic = list.kind === "found" ? list.body.items[0]?.article.topics.find((candidate) => candidate.slug === slug) : undefined;
  if (list.kind === "found" && !topic) return refuse(context, "noTopic");
  const origin = publicOrigin();
  const page = `/topics/${encodeURIComponent(slug)}`;
  const name = topic?.name ?? slug;
  return send(context, list, { id: `${origin}${page}`, title: `${name} · ${reading.site.name}`, description: reading.topics.of(name), origin, page, base: `${page}/feed` }, format, wanted);
};

/** What a search finds, newest first: /search/feed.atom?q=… tells when somebody writes about it again. */
export const searchFeed = (format: Format): GetServerSideProps => async (context) => {
  const q = one(context.query.q)?.trim();
  if (!q) return refuse(context, "missing");
  const { pageToken } = asked(context);
  const found = await api.search({ q, sort: "newest", pageToken, pageSize }, traceOf(context));
  const list: Answer<SyndicationPage> = found.kind === "found"
    ? {
        kind: "found",
        body: {
          nextPageToken: found.body.nextPageToken,
          items: found.body.items.map(({ article, passage }) => ({
            article: { ...article, description: article.description || passage.map(({ text }) => text).join("") },
            language: null,
            canonicalUrl: null,
            html: null,
          })),
        },
      }
    : found;
  tagged(context, list, "list");
  const origin = publicOrigin();
  const query = `q=${encodeURIComponent(q)}`;
  const page = `/search?${query}&sort=newest`;
  return send(context, list, { id: `${origin}/search?${query}`, title: openWeb.feed.search(q), description: reading.site.description, origin, page, base: "/search/feed", query }, format, { content: "summary", pageToken });
};
