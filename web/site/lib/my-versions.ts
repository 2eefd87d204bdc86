// The versions of a story: the browser's side of the API.
import type { ArticleRevision } from "@blog/api";
import { call, client } from "./browser";
import { clockTime } from "./dates";

const header = { "X-CSRF": "1" } as const;

export const listVersions = (id: string, pageToken?: string) =>
  call(client.GET("/api/v1/me/articles/{id}/revisions", { params: { path: { id }, query: { pageToken, pageSize: 50 }, header } }));

export const getVersion = (id: string, number: number) => call(client.GET("/api/v1/me/articles/{id}/revisions/{number}", { params: { path: { id, number }, header } }));

export const nameVersion = (id: string, number: number, name: string) =>
  call(client.PUT("/api/v1/me/articles/{id}/revisions/{number}/name", { params: { path: { id, number }, header }, body: { name } }));

/** `revision`: of the draft as it was seen. The same key again restores nothing twice. */
export const restoreVersion = (id: string, number: number, revision: number, key: string) =>
  call(client.POST("/api/v1/me/articles/{id}/revisions/{number}/restore", { params: { path: { id, number }, header: { ...header, "Idempotency-Key": key } }, body: { revision } }));

/** "22 November, 20:31" on the reader's own clock. */
export function momentOf({ createdAt }: Pick<ArticleRevision, "createdAt">): string {
  const at = new Date(createdAt);
  return `${at.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}, ${clockTime(at.getTime())}`;
}
