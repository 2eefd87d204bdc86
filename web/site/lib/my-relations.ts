import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

export const listPeople = (pageToken?: string) => call(client.GET("/api/v1/me/following/people", { params: { query: { pageToken, pageSize: 50 }, header } }));

export const listTopics = (pageToken?: string) => call(client.GET("/api/v1/me/following/topics", { params: { query: { pageToken, pageSize: 50 }, header } }));

export const listMuted = (pageToken?: string) => call(client.GET("/api/v1/me/muted", { params: { query: { pageToken, pageSize: 50 }, header } }));

export const listBlocked = (pageToken?: string) => call(client.GET("/api/v1/me/blocked", { params: { query: { pageToken, pageSize: 50 }, header } }));

export const setBlocked = (id: string, blocked: boolean) => {
  const options = { params: { path: { id }, header } };
  return call(blocked ? client.PUT("/api/v1/me/blocked/{id}", options) : client.DELETE("/api/v1/me/blocked/{id}", options));
};
