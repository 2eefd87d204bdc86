import { useCallback, useEffect, useState } from "react";
import type { Call } from "@/lib/browser";

export type Loaded<T> = { kind: "loading" } | { kind: "signedOut" } | { kind: "missing" } | { kind: "failed" } | { kind: "shown"; value: T };

/** What belongs to whoever is signed in: it comes after the page, from the browser, and again when `load` is called. */
export function useLoaded<T>(fetch: () => Promise<Call<T>>): { state: Loaded<T>; load: () => Promise<void> } {
  const [state, setState] = useState<Loaded<T>>({ kind: "loading" });
  const load = useCallback(async () => {
    const answer = await fetch();
    setState(answer.kind === "done" ? { kind: "shown", value: answer.value } : { kind: answer.kind === "signedOut" || answer.kind === "missing" ? answer.kind : "failed" });
  }, [fetch]);
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void load();
  }, [load]);
  return { state, load };
}

/** Why something was refused, in words. */
export function said<T>(answer: Call<T>, unreachable: string): { text: string; fields: Record<string, string> } | undefined {
  if (answer.kind === "done") return undefined;
  if (answer.kind === "refused" || answer.kind === "conflict") return { text: answer.refusal.detail, fields: answer.refusal.fields };
  return { text: unreachable, fields: {} };
}
