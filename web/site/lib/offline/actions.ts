// Which commands can wait for a network, and what becomes of them when there is one again.
import type { WaitingAction } from "./store";

/** Of a request: without a network it may wait on the device. Of an answer: it does. */
export const mayWait = "X-May-Wait";
export const waits = "X-Waits";

/** Below /api/v1/me: what a reader does. What a writer types has a journal of its own (lib/writing/journal.ts). */
const readers = /^\/api\/v1\/me\/(claps|reader\/[^/]+\/responses|lists|saved|following|muted|blocked|history|position|highlights|notifications)(\/|$)/;

/** A command that says how things shall be (PUT, DELETE) or adds something under its own key (POST). */
export const canWait = (method: string, path: string): boolean => /^(PUT|DELETE|POST|PATCH)$/.test(method) && readers.test(path);

/** Those waiting that the new command makes pointless: saying how the same thing shall be, the last word counts. */
export function outdatedBy(waiting: readonly WaitingAction[], next: Pick<WaitingAction, "method" | "path" | "person">): number[] {
  if (next.method !== "PUT" && next.method !== "DELETE") return [];
  return waiting
    .filter((action) => !action.refused && action.person === next.person && action.path === next.path && (action.method === "PUT" || action.method === "DELETE"))
    .flatMap((action) => (action.seq === undefined ? [] : [action.seq]));
}

export type Fate =
  /** It has its effect, or what it wanted is so already. */
  | "done"
  /** Not now: the server is busy or away. */
  | "later"
  /** Whoever gave it is not signed in. */
  | "hold"
  /** The server will never have it. */
  | "refused";

/** What an answer means for a command that waited. */
export function fateOf(status: number, method: string): Fate {
  if (status < 400 || (method === "DELETE" && (status === 404 || status === 410))) return "done";
  if (status === 401) return "hold";
  if (status === 408 || status === 425 || status === 429 || status >= 500) return "later";
  return "refused";
}
