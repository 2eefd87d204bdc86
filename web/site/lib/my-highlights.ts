import type { HighlightedArticle } from "@blog/api";
import { call, client, type Call } from "./browser";

const header = { "X-CSRF": "1" } as const;

export const listHighlights = (q: string, pageToken?: string) => call(client.GET("/api/v1/me/highlights", { params: { query: { q, pageToken }, header } }));

export const removeHighlight = (id: string) => call(client.DELETE("/api/v1/me/highlights/{id}", { params: { path: { id }, header } }));

export const restoreHighlight = (id: string) => call(client.POST("/api/v1/me/highlights/{id}/restore", { params: { path: { id }, header } }));

export const listGifts = (pageToken?: string) => call(client.GET("/api/v1/me/gifts", { params: { query: { pageToken }, header } }));

export const revokeGift = (id: string) => call(client.DELETE("/api/v1/me/gifts/{id}", { params: { path: { id }, header } }));

/** All of them, page after page. */
export async function allHighlights(): Promise<Call<HighlightedArticle[]>> {
  const all: HighlightedArticle[] = [];
  for (let token: string | undefined; ; ) {
    const answer = await listHighlights("", token);
    if (answer.kind !== "done") return answer;
    all.push(...answer.value.items);
    if (!answer.value.nextPageToken) return { kind: "done", value: all };
    token = answer.value.nextPageToken;
  }
}
