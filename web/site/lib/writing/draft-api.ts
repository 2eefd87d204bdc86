// What an open editor asks of the server, and what may become of it.
import type { MyArticle } from "@blog/api";
import type { Content } from "./content";

export type Refusal = { detail: string; fields: Record<string, string> };

/** What to say about a refusal: the fields' own sentences, or the whole one when there are none. */
export function sayRefusal({ detail, fields }: Refusal): string {
  const sentences = Object.values(fields).filter(Boolean);
  return sentences.length > 0 ? sentences.join(" ") : detail;
}

/** What became of a call that changes the article. */
export type Outcome =
  | { kind: "done"; article: MyArticle }
  | { kind: "conflict"; current: MyArticle | null }
  | { kind: "signedOut" }
  | { kind: "refused"; refusal: Refusal }
  | { kind: "missing" }
  | { kind: "unreachable" };

export interface DraftApi {
  /** A new, empty draft. The same key again gives the same draft, which is why the text does not travel with it: it may have grown meanwhile. */
  create(idempotencyKey: string): Promise<Outcome>;
  /** The same key again, with the same request, finds out what became of it. */
  save(id: string, content: Content, revision: number, idempotencyKey: string): Promise<Outcome>;
  publish(id: string, revision: number): Promise<Outcome>;
  unpublish(id: string, revision: number): Promise<Outcome>;
  /** Published by itself at this time, or (null) not any more. */
  schedule(id: string, revision: number, at: string | null): Promise<Outcome>;
  /** Keeps this revision as a version that stays. */
  keep(id: string, revision: number): Promise<boolean>;
}

/** An article known only from this device, while the server is out of reach. */
export function unseen(id: string, content: Content, revision: number): MyArticle {
  const never = new Date(0).toISOString();
  const rest = { authorIds: [], publicationId: null, url: null, createdAt: never, updatedAt: never, firstPublishedAt: null, hasUnpublishedChanges: false, wordCount: 0, scheduledFor: null, scheduleProblem: null, seriesId: null, translationGroupId: null };
  return { id, status: "draft", content, revision, ...rest };
}
