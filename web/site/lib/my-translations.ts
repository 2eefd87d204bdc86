import type { MyArticle } from "@blog/api";
import { call, client, type Call } from "./browser";

const header = { "X-CSRF": "1" } as const;

export const listTranslations = (id: string) => call(client.GET("/api/v1/me/articles/{id}/translations", { params: { path: { id }, header } }));

export const translate = (id: string, language: string, sourceLanguage: string) =>
  call(client.POST("/api/v1/me/articles/{id}/translations", { params: { path: { id }, header }, body: { language, sourceLanguage } }));

export const linkTranslation = (id: string, other: string, language: string, otherLanguage: string) =>
  call(client.PUT("/api/v1/me/articles/{id}/translations/{other}", { params: { path: { id, other }, header }, body: { language, otherLanguage } }));

export const unlinkTranslation = (id: string, other: string) => call(client.DELETE("/api/v1/me/articles/{id}/translations/{other}", { params: { path: { id, other }, header } }));

const mostPages = 10;

/** My stories, last changed first: the newest thousand, to choose from. */
export async function listAllMine(): Promise<Call<MyArticle[]>> {
  const all: MyArticle[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const answer = await call(client.GET("/api/v1/me/articles", { params: { query: { pageSize: 100, pageToken }, header } }));
    if (answer.kind !== "done") return answer;
    all.push(...answer.value.items);
    pageToken = answer.value.nextPageToken ?? undefined;
    if (!pageToken) break;
  }
  return { kind: "done", value: all };
}
