"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ArticleContent, ArticleRevision } from "@blog/api";
import { getVersion, listVersions } from "@/lib/my-versions";

export type Listed = { kind: "loading" } | { kind: "signedOut" } | { kind: "missing" } | { kind: "failed" } | { kind: "shown"; items: readonly ArticleRevision[]; next: string | null; at: number };

/** The versions of a story as far as they were asked for, newest first. */
export function useVersions(id: string) {
  const [listed, setListed] = useState<Listed>({ kind: "loading" });
  const load = useCallback(
    async (after?: { items: readonly ArticleRevision[]; token: string }) => {
      const answer = await listVersions(id, after?.token);
      if (answer.kind === "done") setListed({ kind: "shown", items: [...(after?.items ?? []), ...answer.value.items], next: answer.value.nextPageToken, at: Date.now() });
      else setListed({ kind: answer.kind === "signedOut" || answer.kind === "missing" ? answer.kind : "failed" });
    },
    [id],
  );
  useEffect(() => {
    // It belongs to whoever is signed in, so it comes after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void load();
  }, [load]);
  return { listed, setListed, load };
}

export type Texts = { kind: "loading" } | { kind: "gone" } | { kind: "failed" } | { kind: "shown"; older: ArticleContent | null; newer: ArticleContent };

/** The texts of two versions; a text never changes, so it is fetched once. */
export function useTexts(id: string, newer: number | undefined, older: number | null): { texts: Texts; again: () => void } {
  const known = useRef(new Map<number, ArticleContent>());
  const [attempt, setAttempt] = useState(0);
  const [fetched, setFetched] = useState<{ pair: string; texts: Texts }>();
  const pair = `${newer} ${older} ${attempt}`;
  useEffect(() => {
    if (newer === undefined) return;
    let current = true;
    const text = async (number: number) => {
      const before = known.current.get(number);
      if (before) return before;
      const answer = await getVersion(id, number);
      if (answer.kind !== "done") return answer.kind === "missing" ? "gone" : "failed";
      known.current.set(number, answer.value.content);
      return answer.value.content;
    };
    void Promise.all([older === null ? null : text(older), text(newer)]).then(([one, other]) => {
      if (!current) return;
      const problem = [one, other].find((each) => typeof each === "string");
      if (typeof problem === "string") setFetched({ pair, texts: { kind: problem as "gone" | "failed" } });
      else setFetched({ pair, texts: { kind: "shown", older: one as ArticleContent | null, newer: other as ArticleContent } });
    });
    return () => {
      current = false;
    };
  }, [id, newer, older, pair]);
  return { texts: fetched?.pair === pair ? fetched.texts : { kind: "loading" }, again: () => setAttempt((count) => count + 1) };
}
