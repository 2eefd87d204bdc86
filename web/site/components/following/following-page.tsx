"use client";
import { useEffect, useState } from "react";
import type { FeedItem, FeedPage } from "@blog/api";
import { FeedBody } from "@/components/feed/feed-body";
import { HomeTabs } from "@/components/feed/home-tabs";
import { useFeed } from "@/components/feed/use-feed";
import { Frame } from "@/components/frame";
import { SignInPage } from "@/components/writing/gate";
import { countNews, readFeed } from "@/lib/following";
import { following as words } from "@/messages/following";
import { reading } from "@/messages/reading";
import { Beginning } from "./beginning";
import { FeedStory } from "./feed-story";

const askEvery = 20_000;

export function FollowingPage({ token }: { token?: string }) {
  const feed = useFeed<FeedItem, FeedPage>("/following", token, readFeed);
  const { state, first, load } = feed;
  const newest = state.kind === "shown" ? state.pages[0] : undefined;
  const news = useNews(first === undefined ? newest?.newsToken : undefined);

  const showNews = async () => {
    history.replaceState(history.state, "", "/following");
    if (await load()) scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
    document.getElementById("main")?.focus({ preventScroll: true });
  };

  if (state.kind === "signedOut") return <SignInPage title={words.signIn} text={words.signInText} path={feed.addressOf(token)} place="home" />;

  return (
    <Frame path={feed.addressOf(token)} place="home">
      <main id="main" className="frame with-side" tabIndex={-1}>
        <div className="feed">
          <h1 className="sr">{words.heading}</h1>
          <div className="tabs-row">
            <HomeTabs tab="following" label={words.heading} />
          </div>
          <div className="news" role="status">
            {news > 0 && (
              <button className="btn btn-main" type="button" onClick={() => void showNews()}>
                {words.showNews(news)}
              </button>
            )}
          </div>
          <FeedBody
            feed={feed}
            toBegin={words.toNewest}
            draw={(item, now) => <FeedStory item={item} now={now} onChange={(wish) => void feed.change(wish)} />}
            empty={<Beginning followsNothing={newest?.followsNothing ?? false} onShow={() => void load()} />}
          />
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

/** How many stories came since a page was read: asked for now and then, and when somebody comes back to the window. */
function useNews(since: string | undefined): number {
  const [counted, setCounted] = useState<{ since: string; count: number }>();
  useEffect(() => {
    if (!since) return;
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      const answer = await countNews(since);
      if (answer.kind === "done") setCounted({ since, count: answer.value.count });
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
  }, [since]);
  return counted && counted.since === since ? counted.count : 0;
}
