import type { FeedPage } from "@blog/api";
import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

export const readFeed = (pageToken?: string) => call(client.GET("/api/v1/me/feed", { params: { query: { pageToken }, header } }));

export const countNews = (since: string) => call(client.GET("/api/v1/me/feed/news", { params: { query: { since }, header } }));

export const popularTopics = () => call(client.GET("/api/v1/topics", { params: { query: { pageSize: 12 } } }));

/** What a reader decided is done even if they go to another page at once. */
const keepalive = true;

export type Kind = "people" | "topics" | "publications";

/** Follows, or no longer follows, a person, publication (by id) or topic (by slug). */
export const setFollowing = (kind: Kind, id: string, on: boolean) => {
  const init = { params: { path: { kind, id }, header }, keepalive };
  return on ? call(client.PUT("/api/v1/me/following/{kind}/{id}", init)) : call(client.DELETE("/api/v1/me/following/{kind}/{id}", init));
};

export const setMuted = (id: string, on: boolean) => {
  const init = { params: { path: { id }, header }, keepalive };
  return on ? call(client.PUT("/api/v1/me/muted/{id}", init)) : call(client.DELETE("/api/v1/me/muted/{id}", init));
};

/** What was shown, for coming back from a story to the same place. */
export interface Kept {
  path: string;
  /** The token of the first page; undefined: the newest. */
  first: string | undefined;
  pages: FeedPage[];
  scroll: number;
  at: number;
}

const key = "following";
const keptFor = 30 * 60_000;

export function keep(kept: Kept): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // Without storage, coming back loads the page that the address names.
  }
}

/** What was kept of this address, when the reader came here by the back button. */
export function cameBack(path: string): Kept | undefined {
  const navigation = performance.getEntriesByType("navigation")[0];
  if (!(navigation instanceof PerformanceNavigationTiming) || navigation.type !== "back_forward") return undefined;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null") as Kept | null;
    return kept?.path === path && Date.now() - kept.at < keptFor ? kept : undefined;
  } catch {
    return undefined;
  }
}
