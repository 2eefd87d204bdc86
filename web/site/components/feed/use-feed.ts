import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { toast } from "@/islands/toast";
import type { Call } from "@/lib/browser";
import { cameBack, keep } from "@/lib/kept-feed";
import { following as words } from "@/messages/following";

interface FeedPageOf<Item> {
  items: Item[];
  nextPageToken: string | null;
}

/** What the reader no longer wants to see. */
export interface Change<Item> {
  /** The item as it stays, or null when it goes. */
  keeps: (item: Item) => Item | null;
  /** Said when it is done. */
  done: string;
  /** Does it, or undoes it; whether it arrived. */
  apply: (on: boolean) => Promise<boolean>;
}

export type FeedState<Page> = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | { kind: "shown"; pages: readonly Page[]; at: number };

export interface Feed<Item, Page> {
  state: FeedState<Page>;
  /** The token with which the first page shown was asked for; undefined: it is the newest. */
  first: string | undefined;
  /** Nothing is there, and nothing more comes. */
  empty: boolean;
  older: "idle" | "loading" | "failed";
  next: string | null;
  /** From this page on; whether it arrived. */
  load: (from?: string) => Promise<boolean>;
  loadOlder: () => Promise<void>;
  change: (wish: Change<Item>) => Promise<void>;
  /** What names a page of the list: the token with which it was asked for. */
  tokenOf: (index: number) => string | undefined;
  addressOf: (token?: string) => string;
  /** Around all pages; each page is an element with data-page, its number. */
  list: RefObject<HTMLDivElement | null>;
  /** Where the older ones come from when it is near the window. */
  end: RefObject<HTMLElement | null>;
}

/**
 * A list that belongs to whoever is signed in, in pages that can be linked to: it comes from the browser after the page, goes on by itself near its
 * end, names in the address the page in sight, and is as it was when somebody comes back to it from a story.
 * @param base Its path.
 * @param token The page to begin with.
 * @param read Asks for a page; the same function on every call.
 */
export function useFeed<Item, Page extends FeedPageOf<Item>>(base: string, token: string | undefined, read: (token?: string) => Promise<Call<Page>>): Feed<Item, Page> {
  const [state, setState] = useState<FeedState<Page>>({ kind: "loading" });
  const [older, setOlder] = useState<"idle" | "loading" | "failed">("idle");
  const [first, setFirst] = useState(token);
  const list = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLElement>(null);
  const pages = state.kind === "shown" ? state.pages : undefined;
  const next = pages?.at(-1)?.nextPageToken ?? null;

  const addressOf = useCallback((from?: string) => (from ? `${base}?page=${encodeURIComponent(from)}` : base), [base]);
  // The address of the n-th page shown is the token that the one before it ended with.
  const tokenOf = (index: number) => (index === 0 ? first : (pages?.[index - 1]?.nextPageToken ?? undefined));

  const load = useCallback(
    async (from?: string) => {
      const answer = await read(from);
      setFirst(from);
      setOlder("idle");
      if (answer.kind === "done") setState({ kind: "shown", pages: [answer.value], at: Date.now() });
      else setState({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
      return answer.kind === "done";
    },
    [read],
  );

  useEffect(() => {
    const kept = cameBack<Page>(location.pathname + location.search);
    if (!kept) {
      // The list belongs to whoever is signed in, so it comes after the page, from the browser.
      // eslint-disable-next-line react-hooks/set-state-in-effect
      void load(token);
      return;
    }
    setFirst(kept.first);
    setState({ kind: "shown", pages: kept.pages, at: Date.now() });
    requestAnimationFrame(() => requestAnimationFrame(() => scrollTo({ top: kept.scroll, behavior: "instant" })));
  }, [load, token]);

  useEffect(() => {
    if (!pages) return;
    const leave = () => keep({ path: location.pathname + location.search, first, pages: [...pages], scroll: scrollY, at: Date.now() });
    addEventListener("pagehide", leave);
    return () => removeEventListener("pagehide", leave);
  }, [pages, first]);

  const loadOlder = useCallback(async () => {
    if (!next || older === "loading") return;
    setOlder("loading");
    const answer = await read(next);
    if (answer.kind !== "done") {
      setOlder("failed");
      return;
    }
    setOlder("idle");
    setState((now) => (now.kind === "shown" && now.pages.at(-1)?.nextPageToken === next ? { ...now, pages: [...now.pages, answer.value] } : now));
  }, [next, older, read]);

  useEffect(() => {
    if (!end.current || older !== "idle") return;
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && void loadOlder(), { rootMargin: "800px" });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [loadOlder, older]);

  // The address names the page in sight, so that it can be sent to somebody or opened again.
  useEffect(() => {
    if (!pages || !list.current) return;
    const marks = [...list.current.querySelectorAll<HTMLElement>("[data-page]")];
    const seen = new IntersectionObserver(
      (entries) => {
        const entered = entries.filter(({ isIntersecting }) => isIntersecting).at(-1);
        if (!(entered?.target instanceof HTMLElement)) return;
        const index = Number(entered.target.dataset.page);
        const address = addressOf(index === 0 ? first : (pages[index - 1]?.nextPageToken ?? undefined));
        if (address !== location.pathname + location.search) history.replaceState(history.state, "", address);
      },
      { rootMargin: "0px 0px -60% 0px" },
    );
    for (const mark of marks) seen.observe(mark);
    return () => seen.disconnect();
  }, [pages, first, addressOf]);

  /** Takes away at once what the reader does not want; brings it back when they, or the server, say so. */
  const change = async ({ keeps, done, apply }: Change<Item>) => {
    const before = state;
    if (before.kind !== "shown") return;
    setState({ ...before, pages: before.pages.map((page) => ({ ...page, items: page.items.flatMap((item) => keeps(item) ?? []) })) });
    toast(done, {
      label: words.undo,
      act: () => {
        setState(before);
        void apply(false).then((ok) => ok || toast(words.didNot));
      },
    });
    if (await apply(true)) return;
    setState(before);
    toast(words.didNot);
  };

  const empty = state.kind === "shown" && !next && state.pages.every(({ items }) => items.length === 0);
  return { state, first, empty, older, next, load, loadOlder, change, tokenOf, addressOf, list, end };
}
