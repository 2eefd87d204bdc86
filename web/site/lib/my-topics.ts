import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

/** By name, most fitting first. */
export const findTopics = (q: string, signal: AbortSignal) => call(client.GET("/api/v1/search/topics", { params: { query: { q, pageSize: 8 } }, signal }));

/** Of published stories with words like those of one of mine. */
export const topicsLikeText = (id: string) => call(client.GET("/api/v1/me/articles/{id}/suggested-topics", { params: { path: { id }, header } }));
