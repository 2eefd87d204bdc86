"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { FeedItem, FeedPage } from "@blog/api";
import { Frame } from "@/components/frame";
import { Failed } from "@/components/notice";
import { SignInCard } from "@/components/writing/gate";
import { toast } from "@/islands/toast";
import { cameBack, countNews, keep, readFeed } from "@/lib/following";
import { following as words } from "@/messages/following";
import { reading } from "@/messages/reading";
import { Beginning } from "./beginning";
import { FeedStory, type Change } from "./feed-story";

const askEvery = 20_000;

type Shown = { kind: "shown"; pages: readonly FeedPage[]; at: number };
type State = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | Shown;
type Older = "idle" | "loading" | "failed";

const addressOf = (token?: string) => (token ? `/following?page=${encodeURIComponent(token)}` : "/following");
/** The address of the n-th page shown is the token that the one before it ended with. */
const tokenOf = (pages: readonly FeedPage[], index: number, first?: string) => (index === 0 ? first : (pages[index - 1]?.nextPageToken ?? undefined));

export function FollowingPage({ token }: { token?: string }) {
  const [state, setState] = useState<State>({ kind: "loading" });
  const [older, setOlder] = useState<Older>("idle");
  const [news, setNews] = useState(0);
  const [first, setFirst] = useState(token);
  const list = useRef<HTMLDivElement>(null);
  const pages = state.kind === "shown" ? state.pages : undefined;
  const next = pages?.at(-1)?.nextPageToken ?? null;

  const load = useCallback(async (from?: string) => {
    const answer = await readFeed(from);
    setNews(0);
    setFirst(from);
    setOlder("idle");
    if (answer.kind === "done") setState({ kind: "shown", pages: [answer.value], at: Date.now() });
    else setState({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
    return answer.kind === "done";
  }, []);

  useEffect(() => {
    const kept = cameBack(location.pathname + location.search);
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

  const newsToken = first === undefined ? pages?.[0]?.newsToken : undefined;
  useEffect(() => {
    if (!newsToken) return;
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      const answer = await countNews(newsToken);
      if (answer.kind === "done") setNews(answer.value.count);
    };
    const timer = setInterval(() => void ask(), askEvery);
    const wake = () => void ask();
    document.addEventListener("visibilitychange", wake);
    addEventListener("focus", wake);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", wake);
      removeEventListener("focus", wake);
    };
  }, [newsToken]);

  const loadOlder = useCallback(async () => {
    if (!next || older === "loading") return;
    setOlder("loading");
    const answer = await readFeed(next);
    if (answer.kind !== "done") {
      setOlder("failed");
      return;
    }
    setOlder("idle");
    setState((now) => (now.kind === "shown" && now.pages.at(-1)?.nextPageToken === next ? { ...now, pages: [...now.pages, answer.value] } : now));
  }, [next, older]);

  const end = useRef<HTMLElement>(null);
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
        const address = addressOf(tokenOf(pages, Number(entered.target.dataset.page), first));
        if (address !== location.pathname + location.search) history.replaceState(history.state, "", address);
      },
      { rootMargin: "0px 0px -60% 0px" },
    );
    for (const mark of marks) seen.observe(mark);
    return () => seen.disconnect();
  }, [pages, first]);

  const showNews = async () => {
    history.replaceState(history.state, "", "/following");
    if (await load()) scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
    document.getElementById("main")?.focus({ preventScroll: true });
  };

  /** Takes away at once what the reader does not want; brings it back when they, or the server, say so. */
  const change = async ({ keeps, done, apply }: Change) => {
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

  if (state.kind === "signedOut")
    return (
      <Frame path={addressOf(token)} place="home">
        <main id="main" className="frame" tabIndex={-1}>
          <SignInCard title={words.signIn} text={words.signInText} path={addressOf(token)} />
        </main>
      </Frame>
    );

  const empty = state.kind === "shown" && !next && state.pages.every(({ items }) => items.length === 0);
  return (
    <Frame path={addressOf(token)} place="home">
      <main id="main" className="frame with-side" tabIndex={-1}>
        <div className="feed">
          <h1 className="sr">{words.heading}</h1>
          <div className="tabs-row">
            <nav className="tabs" aria-label={words.heading}>
              <a href="/following" aria-current="page">
                {words.title}
              </a>
              <a href="/">{reading.home.newest}</a>
            </nav>
          </div>
          <div className="news" role="status">
            {news > 0 && (
              <button className="btn btn-main" type="button" onClick={() => void showNews()}>
                {words.showNews(news)}
              </button>
            )}
          </div>
          {first !== undefined && (
            <p className="pager">
              <a className="btn btn-bare" href="/following">
                {words.toNewest}
              </a>
            </p>
          )}
          {state.kind === "loading" && <Waiting />}
          {state.kind === "failed" && <Failed words={words} onAgain={() => void load(first)} />}
          {empty && <Beginning followsNothing={state.pages[0]?.followsNothing ?? false} onShow={() => void load()} />}
          {state.kind === "shown" && !empty && (
            <>
              <div ref={list}>
                {state.pages.map((page, index) => (
                  <div key={tokenOf(state.pages, index, first) ?? ""} data-page={index}>
                    {page.items.map((item: FeedItem) => (
                      <FeedStory key={item.article.id} item={item} now={state.at} onChange={(wish) => void change(wish)} />
                    ))}
                  </div>
                ))}
              </div>
              <nav className="row pager" aria-label={reading.home.more} ref={end}>
                {next && older !== "loading" && (
                  <a
                    className="btn btn-line"
                    href={addressOf(next)}
                    rel="next"
                    onClick={(event) => {
                      event.preventDefault();
                      void loadOlder();
                    }}
                  >
                    {words.older}
                  </a>
                )}
                {older === "failed" && <p role="alert">{words.failedOlder}</p>}
                {!next && <p className="meta">{words.end}</p>}
              </nav>
              {older === "loading" && <Waiting label={words.loadingOlder} />}
            </>
          )}
        </div>
        <aside className="side" aria-label={reading.home.more}>
          <section>
            <h2 className="side-title">{words.yours}</h2>
            <p>{words.yoursText}</p>
            <p>
              <a className="btn-text" href="/settings/following">
                {words.manage}
              </a>
            </p>
            <a className="btn-text" href="/topics">
              {reading.home.allTopics}
            </a>
          </section>
        </aside>
      </main>
    </Frame>
  );
}

function Waiting({ label = words.loading }: { label?: string }) {
  return (
    <div aria-busy="true" aria-label={label} role="group">
      {[0, 1, 2].map((row) => (
        <div className="story" key={row}>
          <span className="skel w-4 h-s" />
          <span className="skel w-3 h-s" />
          <span className="skel w-8 h-t" />
          <span className="skel w-9 h-d" />
          <span className="skel w-4 h-s" />
        </div>
      ))}
    </div>
  );
}
