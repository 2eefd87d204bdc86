// The browser's side of the API: one client, and answers as plain values instead of exceptions.
import { browserApi, type MyArticle, type Problem, type SignedInUser, type UploadedMedia } from "@blog/api";
import type { DraftApi, Outcome, Refusal } from "./writing/draft-api";

export const client = browserApi();

export type Call<T> =
  | { kind: "done"; value: T }
  | { kind: "signedOut" }
  | { kind: "missing" }
  | { kind: "conflict"; current: unknown; refusal: Refusal }
  | { kind: "refused"; refusal: Refusal }
  | { kind: "unreachable" };

interface Fetched<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** A field's name as our forms know it: "content.cover_media_id" and "coverMediaId" are the same. */
export const fieldName = (name: string) => (name.split(".").at(-1) ?? name).replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

export function refusalOf(problem: Partial<Problem> | undefined): Refusal {
  const errors = Object.entries(problem?.errors ?? {}).map(([name, messages]) => [fieldName(name), messages.join(" ")] as const);
  return { detail: problem?.detail ?? problem?.title ?? "", fields: Object.fromEntries(errors) };
}

export async function call<T>(fetching: Promise<Fetched<T>>): Promise<Call<T>> {
  let fetched: Fetched<T>;
  try {
    fetched = await fetching;
  } catch {
    return { kind: "unreachable" };
  }
  const { data, error, response } = fetched;
  if (response.ok) return { kind: "done", value: data as T };
  const problem = typeof error === "object" && error !== null ? (error as Partial<Problem> & { current?: unknown }) : undefined;
  if (response.status === 401) return { kind: "signedOut" };
  if (response.status === 404) return { kind: "missing" };
  // The same request was under way at the same moment: a repetition gets its answer.
  if (response.status === 409 && problem?.reason === "LOST_RACE") return { kind: "unreachable" };
  if (response.status === 409) return { kind: "conflict", current: problem?.current ?? null, refusal: refusalOf(problem) };
  if (response.status === 408 || response.status === 429 || response.status >= 500) return { kind: "unreachable" };
  return { kind: "refused", refusal: refusalOf(problem) };
}

async function outcome(fetching: Promise<Fetched<MyArticle>>): Promise<Outcome> {
  const result = await call(fetching);
  switch (result.kind) {
    case "done":
      return { kind: "done", article: result.value };
    case "conflict":
      // A conflict without the other version is a rule that was broken, such as an address already used.
      return result.current ? { kind: "conflict", current: result.current as MyArticle } : { kind: "refused", refusal: result.refusal };
    default:
      return result;
  }
}

const csrf = { "X-CSRF": "1" } as const;

export const draftApi: DraftApi = {
  create: (idempotencyKey) => outcome(client.POST("/api/v1/me/articles", { params: { header: { ...csrf, "Idempotency-Key": idempotencyKey } }, body: {} })),
  save: (id, content, revision, idempotencyKey) =>
    outcome(client.PUT("/api/v1/me/articles/{id}", { params: { path: { id }, header: { ...csrf, "Idempotency-Key": idempotencyKey } }, body: { content, revision } })),
  publish: (id, revision) =>
    outcome(client.POST("/api/v1/me/articles/{id}/publish", { params: { path: { id }, header: csrf }, body: { revision } })),
  unpublish: (id, revision) =>
    outcome(client.POST("/api/v1/me/articles/{id}/unpublish", { params: { path: { id }, header: csrf }, body: { revision } })),
  schedule: (id, revision, at) =>
    outcome(
      at === null
        ? client.DELETE("/api/v1/me/articles/{id}/schedule", { params: { path: { id }, query: { revision }, header: csrf } })
        : client.PUT("/api/v1/me/articles/{id}/schedule", { params: { path: { id }, header: csrf }, body: { revision, scheduleTime: at } }),
    ),
  keep: async (id, revision) => (await saveRevision(id, revision)).kind === "done",
};

export const saveRevision = (id: string, revision: number) =>
  call(client.POST("/api/v1/me/articles/{id}/revisions", { params: { path: { id }, header: csrf }, body: { revision, name: "" } }));

export const getArticle = (id: string) => call(client.GET("/api/v1/me/articles/{id}", { params: { path: { id }, header: csrf } }));

export const getUser = (): Promise<Call<SignedInUser>> => call(client.GET("/bff/user"));

export const preview = (markdown: string) => call(client.POST("/api/v1/me/preview", { params: { header: csrf }, body: { markdown } }));

/** Sends a picture. */
export const upload = (file: File, onProgress: (share: number) => void) => sendFile<UploadedMedia>("/api/v1/me/media", file, onProgress);

/** Sends a file as it is; XMLHttpRequest, because fetch cannot tell how much of a body has gone. */
export function sendFile<T>(address: string, file: File, onProgress: (share: number) => void): { result: Promise<Call<T>>; abort: () => void } {
  const request = new XMLHttpRequest();
  const result = new Promise<Call<T>>((resolve) => {
    request.open("POST", address);
    request.responseType = "json";
    request.setRequestHeader("X-CSRF", "1");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name || "picture"));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      const { status } = request;
      const body: unknown = request.response;
      if (status === 201 || status === 200) resolve({ kind: "done", value: body as T });
      else if (status === 401) resolve({ kind: "signedOut" });
      else if (status === 429 || status >= 500) resolve({ kind: "unreachable" });
      else resolve({ kind: "refused", refusal: refusalOf((body ?? undefined) as Partial<Problem> | undefined) });
    };
    request.onerror = request.onabort = () => resolve({ kind: "unreachable" });
    request.send(file);
  });
  return { result, abort: () => request.abort() };
}
