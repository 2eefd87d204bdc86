// What windows that ended too soon left on this device, taken into one that opens.
import type { MyArticle } from "@blog/api";
import type { Draft } from "./draft";
import type { Journal, JournalEntry } from "./journal";

export interface Left {
  newest: JournalEntry;
  older: readonly JournalEntry[];
}

/** @param hold Keeps an entry from being taken by another window; the returned function lets go. */
export async function takeIn(draft: Draft, { newest, older }: Left, server: MyArticle | null, journal: Journal, hold: (key: string) => () => void): Promise<void> {
  draft.restore(newest, server);
  await draft.keep();
  await journal.remove(newest.key).catch(() => undefined);
  const waiting: JournalEntry[] = [];
  for (const entry of older) {
    if (!draft.absorb(entry)) {
      waiting.push(entry);
      continue;
    }
    await draft.keep();
    await journal.remove(entry.key).catch(() => undefined);
  }
  if (waiting.length > 0) takeLater(draft, waiting, journal, hold);
}

/** What was on its way without an answer cannot be merged before the server has said what became of it: each follows when everything before it is saved. */
function takeLater(draft: Draft, waiting: JournalEntry[], journal: Journal, hold: (key: string) => () => void): void {
  const letGo = new Map(waiting.map(({ key }) => [key, hold(key)]));
  const next = () => {
    const { state, article } = draft.view();
    if (draft.dirty || state.kind !== "saved" || !article) return;
    const entry = waiting.shift();
    if (!entry) return stop();
    draft.restore(entry, article);
    void draft
      .keep()
      .then(() => journal.remove(entry.key))
      .catch(() => undefined)
      .then(letGo.get(entry.key));
  };
  // The draft finishes what it tells of first.
  const stop = draft.subscribe(() => queueMicrotask(next));
  next();
}
