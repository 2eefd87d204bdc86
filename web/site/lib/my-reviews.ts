import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

export const getReview = (id: string) => call(client.GET("/api/v1/me/articles/{id}/review", { params: { path: { id }, header } }));

export const createLink = (id: string, body: { name: string; canComment: boolean; expiresAt: string | null }) =>
  call(client.POST("/api/v1/me/articles/{id}/review/links", { params: { path: { id }, header }, body }));

export const revokeLink = (id: string, linkId: string) => call(client.DELETE("/api/v1/me/articles/{id}/review/links/{linkId}", { params: { path: { id, linkId }, header } }));

export const answerComment = (id: string, commentId: string, text: string) =>
  call(client.POST("/api/v1/me/articles/{id}/review/comments/{commentId}/answers", { params: { path: { id, commentId }, header }, body: { text } }));

export const resolveComment = (id: string, commentId: string, resolved: boolean) =>
  call(client.PUT("/api/v1/me/articles/{id}/review/comments/{commentId}/resolved", { params: { path: { id, commentId }, header }, body: { resolved } }));

export const deleteComment = (id: string, commentId: string) => call(client.DELETE("/api/v1/me/articles/{id}/review/comments/{commentId}", { params: { path: { id, commentId }, header } }));
