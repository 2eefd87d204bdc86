// The site's server side talks to one thing: the BFF's public JSON API, over kept-alive connections and with a deadline.
import { Agent, request, type IncomingMessage } from "node:http";
import type { ArticleList, ArticlePage, FoundArticleList, FoundPersonList, FoundPublicationList, FoundTopicList, MailLinkInfo, PersonList, PersonPage, PublicationPage, PublicPageList, PublicPagePartList, RelatedArticleList, ResponseList, ResponseThread, SeriesPage, SharedDraft, SharedListPage, SharedLists, SuggestedPersonList, SyndicationPage, TopicList } from "@blog/api";

export type Answer<T> =
  | { kind: "found"; body: T }
  | { kind: "moved"; location: string }
  | { kind: "missing" }
  | { kind: "gone" }
  | { kind: "failed"; status: number };

/** How long a page may wait for its data. */
const deadline = 10_000;

const agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 64, scheduling: "lifo" });

export const apiOrigin = (): string =>
  process.env.BLOG_API_ORIGIN ?? process.env.services__bff__http__0 ?? "http://localhost:8080";

/** The address readers see, for canonical links, feeds and cards. */
export const publicOrigin = (): string => (process.env.Blog__PublicOrigin ?? "http://localhost:8080").replace(/\/+$/, "");

const text = (value: string) => encodeURIComponent(value);

/** What sitemaps list. */
export type PublicPageKind = "articles" | "people" | "topics" | "publications" | "series";

/** What /api/v1/search is asked. */
export interface SearchQuery {
  q: string;
  sort?: string;
  topic?: string;
  lang?: string;
  after?: string;
  pageToken?: string;
  pageSize?: number;
}

export interface Paging {
  pageToken?: string;
  pageSize?: number;
}

export function query(values: Record<string, string | number | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return given.length === 0 ? "" : `?${given.map(([name, value]) => `${name}=${text(String(value))}`).join("&")}`;
}

export const api = {
  articles: (filter: Paging & { topic?: string }, trace?: string) => get<ArticleList>(`/articles${query({ ...filter })}`, trace),
  person: (handle: string, trace?: string) => get<PersonPage>(`/people/${text(handle)}`, trace),
  followers: (handle: string, paging: Paging, trace?: string) => get<PersonList>(`/people/${text(handle)}/followers${query({ ...paging })}`, trace),
  following: (handle: string, paging: Paging, trace?: string) => get<PersonList>(`/people/${text(handle)}/following${query({ ...paging })}`, trace),
  articlesOf: (handle: string, paging: Paging, trace?: string) =>
    get<ArticleList>(`/people/${text(handle)}/articles${query({ ...paging })}`, trace),
  article: (handle: string, slug: string, trace?: string) => get<ArticlePage>(`/people/${text(handle)}/articles/${text(slug)}`, trace),
  publication: (slug: string, trace?: string) => get<PublicationPage>(`/publications/${text(slug)}`, trace),
  articlesIn: (slug: string, paging: Paging, trace?: string) => get<ArticleList>(`/publications/${text(slug)}/articles${query({ ...paging })}`, trace),
  responses: (article: string, paging: Paging & { sort?: string }, trace?: string) =>
    get<ResponseList>(`/articles/${text(article)}/responses${query({ ...paging })}`, trace),
  response: (article: string, id: string, trace?: string) => get<ResponseThread>(`/articles/${text(article)}/responses/${text(id)}`, trace),
  listsOf: (handle: string, paging: Paging, trace?: string) => get<SharedLists>(`/people/${text(handle)}/lists${query({ ...paging })}`, trace),
  listOf: (handle: string, slug: string, paging: Paging, trace?: string) =>
    get<SharedListPage>(`/people/${text(handle)}/lists/${text(slug)}${query({ ...paging })}`, trace),
  listByLink: (token: string, paging: Paging, trace?: string) => get<SharedListPage>(`/lists/${text(token)}${query({ ...paging })}`, trace),
  series: (handle: string, slug: string, trace?: string) => get<SeriesPage>(`/people/${text(handle)}/series/${text(slug)}`, trace),
  draftByLink: (token: string, trace?: string) => get<SharedDraft>(`/drafts/${text(token)}`, trace),
  syndication: (filter: Paging & { author?: string; topic?: string; publication?: string }, trace?: string) => get<SyndicationPage>(`/syndication${query({ ...filter })}`, trace),
  publicPages: (part: { kind: PublicPageKind; after?: string; until?: string }, trace?: string) => get<PublicPageList>(`/public-pages${query(part)}`, trace),
  publicPageParts: (kind: PublicPageKind, size: number, trace?: string) => get<PublicPagePartList>(`/public-pages/parts${query({ kind, size })}`, trace),
  topics: (trace?: string) => get<TopicList>("/topics", trace),
  search: (asked: SearchQuery, trace?: string) => get<FoundArticleList>(`/search${query({ ...asked })}`, trace),
  searchPeople: (asked: SearchQuery, trace?: string) => get<FoundPersonList>(`/search/people${query({ ...asked })}`, trace),
  searchPublications: (asked: SearchQuery, trace?: string) => get<FoundPublicationList>(`/search/publications${query({ ...asked })}`, trace),
  searchTopics: (asked: SearchQuery, trace?: string) => get<FoundTopicList>(`/search/topics${query({ ...asked })}`, trace),
  related: (article: string, trace?: string) => get<RelatedArticleList>(`/articles/${text(article)}/related?pageSize=4`, trace),
  trending: (trace?: string) => get<ArticleList>("/trending?pageSize=5", trace),
  popularPeople: (trace?: string) => get<SuggestedPersonList>("/popular/people?pageSize=4", trace),
  mailLink: (token: string, trace?: string) => get<MailLinkInfo>(`/mail-links/${text(token)}`, trace),
};

function get<T>(path: string, trace?: string): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const failed = (status: number) => resolve({ kind: "failed", status });
    const headers: Record<string, string> = { accept: "application/json" };
    if (trace) headers.traceparent = trace;
    const call = request(`${apiOrigin()}/api/v1${path}`, { agent, headers, signal: AbortSignal.timeout(deadline) }, (response) => {
      collect(response).then(
        (bytes) => {
          const status = response.statusCode ?? 0;
          if (status === 200) resolve({ kind: "found", body: JSON.parse(bytes.toString("utf8")) as T });
          else if (status === 308 && response.headers.location) resolve({ kind: "moved", location: response.headers.location });
          else if (status === 404 || status === 400) resolve({ kind: "missing" });
          else if (status === 410) resolve({ kind: "gone" });
          else failed(status);
        },
      ).catch(() => failed(502));
    });
    call.on("error", () => failed(503));
    call.end();
  });
}

async function collect(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The page that shows what the API address `location` names: /api/v1/people/ada/articles/x becomes /@ada/x. */
export function pageOf(location: string): string {
  const path = location.replace(/^https?:\/\/[^/]+/i, "");
  const publication = /^\/api\/v1\/publications\/([^/?#]+)/.exec(path);
  if (publication) return `/p/${publication[1]}`;
  const series = /^\/api\/v1\/people\/([^/?#]+)\/series\/([^/?#]+)/.exec(path);
  if (series) return `/@${series[1]}/series/${series[2]}`;
  const list = /^\/api\/v1\/people\/([^/?#]+)\/lists(\/[^/?#]+)?/.exec(path);
  if (list) return `/@${list[1]}/lists${list[2] ?? ""}`;
  const match = /^\/api\/v1\/people\/([^/?#]+)(?:\/articles(?:\/([^/?#]+))?)?/.exec(path);
  if (!match) return "/";
  return match[2] ? `/@${match[1]}/${match[2]}` : `/@${match[1]}`;
}
