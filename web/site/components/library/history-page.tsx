"use client";
import { useCallback, useEffect, useState } from "react";
import type { HistoryItem } from "@blog/api";
import { Names } from "@/components/byline";
import { Question } from "@/components/dialog";
import { Icon } from "@/components/icons";
import { dayOf, groupByDay } from "@/lib/days";
import { clockTime } from "@/lib/dates";
import { eraseHistory, eraseReading, listHistory, pauseHistory } from "@/lib/my-lists";
import { lists } from "@/messages/lists";
import { reading } from "@/messages/reading";
import { Library } from "./library";
import { Progress } from "./list-item";
import { useSaid } from "./said";

const words = lists.history;

type Listed = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | { kind: "shown"; items: readonly HistoryItem[]; next: string | null; paused: boolean; at: number };

/** What was read, by day; it can be paused and forgotten. */
export function HistoryPage() {
  const { say, toast } = useSaid();
  const [listed, setListed] = useState<Listed>({ kind: "loading" });
  const [asking, setAsking] = useState(false);

  const load = useCallback(async (after?: { items: readonly HistoryItem[]; token: string }) => {
    const answer = await listHistory(after?.token);
    if (answer.kind === "done")
      setListed({ kind: "shown", items: [...(after?.items ?? []), ...answer.value.items], next: answer.value.nextPageToken, paused: answer.value.paused, at: Date.now() });
    else setListed({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
  }, []);

  useEffect(() => {
    // The history belongs to whoever is signed in, so it comes after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void load();
  }, [load]);

  if (listed.kind !== "shown")
    return (
      <Library tab="history" state={listed.kind} onAgain={() => void load()}>
        {null}
      </Library>
    );

  const pause = async (paused: boolean) => {
    setListed({ ...listed, paused });
    const answer = await pauseHistory(paused);
    if (answer.kind === "done") return;
    setListed({ ...listed, paused: !paused });
    say(lists.list.failed);
  };
  const eraseOne = async (item: HistoryItem) => {
    setListed({ ...listed, items: listed.items.filter(({ articleId }) => articleId !== item.articleId) });
    const answer = await eraseReading(item.articleId);
    if (answer.kind === "done") return say(words.erasedOne(item.article?.title ?? lists.list.gone));
    say(lists.list.failed);
    await load();
  };
  const eraseAll = async () => {
    setAsking(false);
    const answer = await eraseHistory();
    say(answer.kind === "done" ? words.erased : lists.list.failed);
    await load();
  };

  return (
    <Library tab="history" state="shown" onAgain={() => void load()}>
      <div className="list-tools">
        <p className={listed.paused ? "meta warn" : "meta"} role="status">
          {listed.paused ? words.pausedText : words.keptText}
        </p>
        <div className="row">
          <button className="btn btn-line" type="button" onClick={() => void pause(!listed.paused)}>
            {listed.paused ? words.resume : words.pause}
          </button>
          {listed.items.length > 0 && (
            <button className="btn btn-bare" type="button" onClick={() => setAsking(true)}>
              {words.eraseAll}
            </button>
          )}
        </div>
      </div>
      {listed.items.length === 0 && !listed.next && (
        <div className="empty">
          <h2 className="empty-title">{listed.paused ? words.emptyPaused : words.empty}</h2>
          <p>{words.emptyText}</p>
        </div>
      )}
      {groupByDay(listed.items).map(({ day, items }) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h2 className="day" id={`day-${day}`}>
            {dayOf(day, listed.at, words)}
          </h2>
          <ul className="item-list">
            {items.map((item) => (
              <Row key={item.articleId} item={item} onErase={() => void eraseOne(item)} />
            ))}
          </ul>
        </section>
      ))}
      {listed.next && (
        <p className="pager">
          <button className="btn btn-line" type="button" onClick={() => void load({ items: listed.items, token: listed.next ?? "" })}>
            {lists.library.more}
          </button>
        </p>
      )}
      {asking && <Question title={words.askErase} text={words.askEraseText} yes={words.eraseAll} no={words.keep} onYes={() => void eraseAll()} onNo={() => setAsking(false)} />}
      {toast}
    </Library>
  );
}

function Row({ item, onErase }: { item: HistoryItem; onErase: () => void }) {
  const { article } = item;
  const title = article?.title ?? lists.list.gone;
  return (
    <li className="kept">
      <div className="kept-main">
        {article ? (
          <h3>
            <a href={article.url}>{title}</a>
          </h3>
        ) : (
          <h3 className="kept-gone">{title}</h3>
        )}
        <p className="meta">
          <time dateTime={item.visitedAt}>{clockTime(Date.parse(item.visitedAt))}</time>
          {article && (
            <>
              <span className="dot">
                <Names article={article} />
              </span>
              <span className="dot">{reading.story.minutes(article.readingMinutes)}</span>
            </>
          )}
          <Progress item={item} />
        </p>
      </div>
      <button className="btn btn-icon" type="button" aria-label={words.erase(title)} title={words.erase(title)} onClick={onErase}>
        <Icon name="bin" small />
      </button>
    </li>
  );
}
