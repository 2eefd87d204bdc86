import { Fragment, type ReactNode } from "react";
import { Failed } from "@/components/notice";
import { following as words } from "@/messages/following";
import { reading } from "@/messages/reading";
import type { Feed } from "./use-feed";

interface FeedBodyProps<Item, Page extends { items: Item[] }> {
  feed: Feed<Item, Page>;
  draw: (item: Item, now: number) => ReactNode;
  /** Instead of an empty list. */
  empty: ReactNode;
  /** The link from a later page to the beginning. */
  toBegin: string;
}

/** The list itself: waiting, failed, empty, or its pages with more of them below. */
export function FeedBody<Item extends { article: { id: string } }, Page extends { items: Item[] }>({ feed, draw, empty, toBegin }: FeedBodyProps<Item, Page>) {
  const { state, first, empty: isEmpty, older, next, load, loadOlder, tokenOf, addressOf, list, end } = feed;
  return (
    <>
      {first !== undefined && (
        <p className="pager">
          <a className="btn btn-bare" href={addressOf()}>
            {toBegin}
          </a>
        </p>
      )}
      {state.kind === "loading" && <Waiting label={words.loading} />}
      {state.kind === "failed" && <Failed words={words} onAgain={() => void load(first)} />}
      {isEmpty && empty}
      {state.kind === "shown" && !isEmpty && (
        <>
          <div ref={list}>
            {state.pages.map((page, index) => (
              <div key={tokenOf(index) ?? ""} data-page={index}>
                {page.items.map((item) => (
                  <Fragment key={item.article.id}>{draw(item, state.at)}</Fragment>
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
    </>
  );
}

function Waiting({ label }: { label: string }) {
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
