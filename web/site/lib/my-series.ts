import type { MySeries } from "@blog/api";
import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

export const listSeries = () => call(client.GET("/api/v1/me/series", { params: { header } }));

export const createSeries = (title: string) => call(client.POST("/api/v1/me/series", { params: { header }, body: { title } }));

export const saveSeries = ({ id, title, description, revision, parts }: MySeries) =>
  call(client.PUT("/api/v1/me/series/{id}", { params: { path: { id }, header }, body: { title, description, articleIds: parts.map(({ articleId }) => articleId), revision } }));

export const deleteSeries = (id: string) => call(client.DELETE("/api/v1/me/series/{id}", { params: { path: { id }, header } }));

export const putIntoSeries = (articleId: string, seriesId: string | null) =>
  call(client.PUT("/api/v1/me/articles/{id}/series", { params: { path: { id: articleId }, header }, body: { seriesId } }));
