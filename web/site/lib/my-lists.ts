// Lists and history of the signed-in person.
import type { ListVisibility } from "@blog/api";
import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

export interface ListForm {
  name: string;
  description: string;
  visibility: ListVisibility;
}

export const listLists = (pageToken?: string) => call(client.GET("/api/v1/me/lists", { params: { query: { pageToken, pageSize: 50 }, header } }));

export const createList = (form: ListForm, key: string) => call(client.POST("/api/v1/me/lists", { params: { header: { ...header, "Idempotency-Key": key } }, body: form }));

export const updateList = (id: string, form: ListForm, revision: number) =>
  call(client.PATCH("/api/v1/me/lists/{id}", { params: { path: { id }, header }, body: { ...form, revision } }));

export const renewLink = (id: string) => call(client.POST("/api/v1/me/lists/{id}/link", { params: { path: { id }, header } }));

export const deleteList = (id: string) => call(client.DELETE("/api/v1/me/lists/{id}", { params: { path: { id }, header } }));

export const restoreList = (id: string) => call(client.POST("/api/v1/me/lists/{id}/restore", { params: { path: { id }, header } }));

export const listItems = (id: string, pageToken?: string) => call(client.GET("/api/v1/me/lists/{id}/items", { params: { path: { id }, query: { pageToken, pageSize: 50 }, header } }));

export const addItem = (id: string, articleId: string, note: string, after: string | null) =>
  call(client.PUT("/api/v1/me/lists/{id}/items/{articleId}", { params: { path: { id, articleId }, header }, body: { note, after } }));

export const saveNote = (id: string, articleId: string, note: string, revision: number) =>
  call(client.PATCH("/api/v1/me/lists/{id}/items/{articleId}", { params: { path: { id, articleId }, header }, body: { note, revision } }));

export const moveItem = (id: string, articleId: string, after: string | null, revision: number) =>
  call(client.POST("/api/v1/me/lists/{id}/items/{articleId}/move", { params: { path: { id, articleId }, header }, body: { after, revision } }));

export const removeItem = (id: string, articleId: string) =>
  call(client.DELETE("/api/v1/me/lists/{id}/items/{articleId}", { params: { path: { id, articleId }, header } }));

export const listHistory = (pageToken?: string) => call(client.GET("/api/v1/me/history", { params: { query: { pageToken, pageSize: 30 }, header } }));

export const pauseHistory = (paused: boolean) => call(client.PATCH("/api/v1/me/history", { params: { header }, body: { paused } }));

export const eraseHistory = () => call(client.DELETE("/api/v1/me/history", { params: { header } }));

export const eraseReading = (articleId: string) => call(client.DELETE("/api/v1/me/history/{articleId}", { params: { path: { articleId }, header } }));
