import { call, client } from "./browser";
import { inTurn } from "./in-turn";

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
  return inTurn(`following/${kind}/${id}`, () => call(on ? client.PUT("/api/v1/me/following/{kind}/{id}", init) : client.DELETE("/api/v1/me/following/{kind}/{id}", init)));
};

export const setMuted = (id: string, on: boolean) => {
  const init = { params: { path: { id }, header }, keepalive };
  return inTurn(`muted/${id}`, () => call(on ? client.PUT("/api/v1/me/muted/{id}", init) : client.DELETE("/api/v1/me/muted/{id}", init)));
};
