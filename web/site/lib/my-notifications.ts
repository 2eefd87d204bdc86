import type { LiveUpdate, NotificationPreferences } from "@blog/api";
import { call, client } from "./browser";
import { liveEvent } from "./notifications";

const header = { "X-CSRF": "1" } as const;

export type Shown = "all" | "unread" | "responses";

export const listNotifications = (show: Shown, pageToken?: string) => call(client.GET("/api/v1/me/notifications", { params: { query: { show, pageToken }, header } }));

export const seeNotifications = (upToPosition: number) => call(client.POST("/api/v1/me/notifications/seen", { params: { header }, body: { upToPosition } }));

export const readNotifications = (what: { upToPosition: number } | { ids: string[] }) =>
  call(client.POST("/api/v1/me/notifications/read", { params: { header }, body: { upToPosition: 0, ids: [], ...what }, keepalive: true }));

export const getPreferences = () => call(client.GET("/api/v1/me/notifications/preferences", { params: { header } }));

export const savePreferences = (preferences: NotificationPreferences) => call(client.PUT("/api/v1/me/notifications/preferences", { params: { header }, body: preferences }));

export const listMuted = (pageToken?: string) => call(client.GET("/api/v1/me/notifications/muted", { params: { query: { pageToken }, header } }));

export const muteStory = (articleId: string) => call(client.PUT("/api/v1/me/notifications/muted/{articleId}", { params: { path: { articleId }, header } }));

export const unmuteStory = (articleId: string) => call(client.DELETE("/api/v1/me/notifications/muted/{articleId}", { params: { path: { articleId }, header } }));

/** What arrives at the bell of this page, until the returned function is called. */
export function onLive(hear: (update: LiveUpdate) => void): () => void {
  const listener = (event: Event) => hear((event as CustomEvent<LiveUpdate>).detail);
  document.addEventListener(liveEvent, listener);
  return () => document.removeEventListener(liveEvent, listener);
}
