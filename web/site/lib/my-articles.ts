import type { ArticleStatus, MyArticle } from "@blog/api";
import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

/** How stories are sorted: by where they stand, and those that go out by themselves. */
export type Shelf = ArticleStatus | "scheduled";

export const listMine = (shelf: Shelf, pageToken?: string) =>
  call(client.GET("/api/v1/me/articles", { params: { query: shelf === "scheduled" ? { scheduled: true, pageToken } : { status: shelf, pageToken }, header } }));

export const searchMine = (q: string, pageToken?: string) => call(client.GET("/api/v1/me/search/drafts", { params: { query: { q, pageToken }, header } }));

// These are carried out even when the page is left at once.
const leaving = { keepalive: true } as const;

export const removeMine = ({ id, revision }: MyArticle) =>
  call(client.DELETE("/api/v1/me/articles/{id}", { params: { path: { id }, query: { revision }, header }, ...leaving }));

export const unpublishMine = ({ id, revision }: MyArticle) =>
  call(client.POST("/api/v1/me/articles/{id}/unpublish", { params: { path: { id }, header }, body: { revision }, ...leaving }));
