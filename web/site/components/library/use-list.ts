"use client";
// One list and what is on it, as this window knows it: changes show at once and are taken back, visibly, when the server did not agree.
import { useCallback, useEffect, useRef, useState } from "react";
import type { MyListItem, MyReadingList } from "@blog/api";
import { addItem, listItems, moveItem, removeItem, saveNote } from "@/lib/my-lists";
import { lists } from "@/messages/lists";

const words = lists.list;

export interface Shown {
  kind: "shown";
  list: MyReadingList;
  items: readonly MyListItem[];
  next: string | null;
  at: number;
}

export type ListState = { kind: "loading" } | { kind: "signedOut" } | { kind: "missing" } | { kind: "failed" } | Shown;

type Say = (text: string, undo?: () => void) => void;

export const titleOf = ({ article, elsewhere }: MyListItem): string => article?.title ?? (elsewhere ? (elsewhere.title ?? words.elsewhereUntitled) : words.gone);

/** @param find Which list: asked again after each failure to load. */
export function useList(find: () => Promise<string | Exclude<ListState["kind"], "shown">>, say: Say) {
  const [state, setState] = useState<ListState>({ kind: "loading" });
  // Moves go out one after the other: each carries the revision that the one before it made.
  const moving = useRef<Promise<void>>(Promise.resolve());
  const revision = useRef(0);

  const load = useCallback(
    async (from?: Shown) => {
      const id = from?.list.id ?? (await find());
      if (id === "loading" || id === "signedOut" || id === "missing" || id === "failed") return setState({ kind: id });
      const answer = await listItems(id, from?.next ?? undefined);
      if (answer.kind === "done") {
        const { list, items, nextPageToken } = answer.value;
        revision.current = list.revision;
        setState({ kind: "shown", list, items: [...(from?.items ?? []), ...items], next: nextPageToken, at: Date.now() });
      } else setState({ kind: answer.kind === "signedOut" || answer.kind === "missing" ? answer.kind : "failed" });
    },
    [find],
  );

  useEffect(() => {
    // The list belongs to whoever is signed in, so it comes after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void load();
  }, [load]);

  const change = (next: (shown: Shown) => Shown) => setState((present) => (present.kind === "shown" ? next(present) : present));

  /** Shows an order that is not sent yet: while something is dragged. */
  const arrange = (items: readonly MyListItem[]) => change((shown) => ({ ...shown, items }));

  /** Sends where an item stands now. */
  const settle = (shown: Shown, item: MyListItem) => {
    const index = shown.items.findIndex(({ articleId }) => articleId === item.articleId);
    const after = shown.items[index - 1]?.articleId ?? null;
    moving.current = moving.current.then(async () => {
      const answer = await moveItem(shown.list.id, item.articleId, after, revision.current);
      if (answer.kind === "done") {
        revision.current = answer.value.revision;
        return change((present) => ({ ...present, list: answer.value }));
      }
      say(answer.kind === "conflict" ? words.staleOrder : words.failed);
      await load();
    });
  };

  const remove = async (shown: Shown, item: MyListItem) => {
    const { articleId } = item;
    change((present) => ({ ...present, items: present.items.filter((other) => other.articleId !== articleId) }));
    const answer = await removeItem(shown.list.id, articleId);
    if (answer.kind !== "done") {
      say(words.failed);
      return load();
    }
    const { list, note, after } = answer.value;
    change((present) => ({ ...present, list }));
    // What is not published cannot be saved anew.
    const back = async () => {
      const again = await addItem(list.id, articleId, note, after);
      if (again.kind !== "done") say(words.failed);
      await load();
    };
    say(words.removed(titleOf(item)), item.article ? () => void back() : undefined);
  };

  /** True: saved. */
  const note = async (shown: Shown, item: MyListItem, text: string): Promise<boolean> => {
    const answer = await saveNote(shown.list.id, item.articleId, text, item.revision);
    if (answer.kind === "done") {
      change((present) => ({ ...present, items: present.items.map((other) => (other.articleId === item.articleId ? { ...other, note: answer.value.note, revision: answer.value.revision } : other)) }));
      return true;
    }
    if (answer.kind === "conflict") {
      say(words.staleNote);
      await load();
    } else say(answer.kind === "refused" ? answer.refusal.detail : words.failed);
    return false;
  };

  const keep = (list: MyReadingList) => {
    revision.current = list.revision;
    change((present) => ({ ...present, list }));
  };

  return { state, load, arrange, settle, remove, note, keep };
}
