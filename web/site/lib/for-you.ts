import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

export const readForYou = (pageToken?: string) => call(client.GET("/api/v1/me/for-you", { params: { query: { pageToken }, header } }));

export const suggestedPeople = () => call(client.GET("/api/v1/me/suggestions/people", { params: { query: { pageSize: 4 }, header } }));

export const listTurnedDown = (pageToken?: string) => call(client.GET("/api/v1/me/turned-down", { params: { query: { pageToken, pageSize: 50 }, header } }));

export type TurnedDown = "articles" | "people" | "topics";

/** Turns down, or takes that back: an article or person by id, a topic by slug. */
export const setTurnedDown = (kind: TurnedDown, id: string, on: boolean) => {
  // What a reader decided is done even if they go to another page at once.
  const init = { params: { path: { kind, id }, header }, keepalive: true };
  return on ? call(client.PUT("/api/v1/me/turned-down/{kind}/{id}", init)) : call(client.DELETE("/api/v1/me/turned-down/{kind}/{id}", init));
};
