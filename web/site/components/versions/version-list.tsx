"use client";
import type { KeyboardEvent } from "react";
import type { ArticleRevision } from "@blog/api";
import { clockTime } from "@/lib/dates";
import { dayOf, groupByDay } from "@/lib/days";
import { versions as words } from "@/messages/versions";

interface VersionListProps {
  items: readonly ArticleRevision[];
  at: number;
  chosen: number | undefined;
  onChoose: (number: number) => void;
}

/** Versions by day, newest first; the arrow keys go from one to the next. */
export function VersionList({ items, at, chosen, onChoose }: VersionListProps) {
  const walk = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>(".version-choice")];
    const next = step && all[all.indexOf(document.activeElement as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <nav aria-label={words.list} onKeyDown={walk}>
      {groupByDay(items.map((item) => ({ ...item, visitedAt: item.createdAt }))).map(({ day, items: ofDay }) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h2 className="day" id={`day-${day}`}>
            {dayOf(day, at, words)}
          </h2>
          <ol className="version-days">
            {ofDay.map((item) => (
              <li key={item.number}>
                <button className="version-choice" type="button" aria-current={item.number === chosen ? "true" : undefined} onClick={() => onChoose(item.number)}>
                  <span className="version-head">
                    <time dateTime={item.createdAt}>{clockTime(Date.parse(item.createdAt))}</time>
                    <b>{item.name || words.reasons[item.reason]}</b>
                  </span>
                  <span className="meta">
                    {item.name && <span className="dot-after">{words.reasons[item.reason]}</span>}
                    {item.person?.name ?? words.somebody}
                    <span className="dot">{words.words(item.wordCount)}</span>
                  </span>
                  {(item.current || item.live) && (
                    <span className="version-marks">
                      {item.current && <span className="mark-now">{words.now}</span>}
                      {item.live && <span className="mark-live">{words.live}</span>}
                    </span>
                  )}
                </button>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </nav>
  );
}
