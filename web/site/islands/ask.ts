// One call of the API from an island: the session's cookie, the header that shows it is our own page, and a plain value instead of exceptions.
import type { Problem } from "@blog/api";
import { mayWait, waits } from "@/lib/offline/actions";

export type Told<T> = { ok: true; value: T } | { ok: false; status: number; problem: Partial<Problem> };

export interface Asking<T = unknown> {
  method?: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  body?: unknown;
  /** The same key again gets the stored answer. */
  key?: string;
  /** Goes out although the page is being left. */
  keepalive?: boolean;
  /** Without a network the command may wait on this device (worker/waiting.ts); this is then the answer meanwhile. */
  meanwhile?: T;
  /** Ends the call when its answer is not wanted any more. */
  signal?: AbortSignal;
}

/** Status 0: nobody answered. */
export async function ask<T>(path: string, { method = "GET", body, key, keepalive, meanwhile, signal }: Asking<T> = {}): Promise<Told<T>> {
  const headers: Record<string, string> = { "X-CSRF": "1" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  if (meanwhile !== undefined) headers[mayWait] = "1";
  try {
    const response = await fetch(path, { method, headers, keepalive, signal, body: body === undefined ? undefined : JSON.stringify(body) });
    if (meanwhile !== undefined && response.headers.has(waits)) return { ok: true, value: meanwhile };
    const json: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
    return response.ok ? { ok: true, value: json as T } : { ok: false, status: response.status, problem: (json ?? {}) as Partial<Problem> };
  } catch {
    return { ok: false, status: 0, problem: {} };
  }
}
