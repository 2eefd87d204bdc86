"use client";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { MySeries, MySeriesPart } from "@blog/api";
import { Icon } from "@/components/icons";
import { placeUnder, put } from "@/lib/arranging";
import { series } from "@/messages/series";

const words = series.desk;
const titleOf = ({ title }: MySeriesPart) => title || words.untitled;

interface PartsProps {
  series: MySeries;
  /** Shown, while it is dragged. */
  onArrange: (parts: MySeriesPart[]) => void;
  /** To be stored. */
  onSettle: (parts: MySeriesPart[]) => void;
}

/** The stories of a series, put in order by dragging or with the arrow keys. */
export function Parts({ series: { title, parts }, onArrange, onSettle }: PartsProps) {
  const place = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<string>();
  const [said, setSaid] = useState("");

  const settle = (order: MySeriesPart[], part: MySeriesPart) => {
    setSaid(words.moved(titleOf(part), order.indexOf(part) + 1, order.length));
    onSettle(order);
  };

  const step = (part: MySeriesPart, at: number) => (event: KeyboardEvent) => {
    const to = at + (event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0);
    if (to === at) return;
    event.preventDefault();
    if (to < 0 || to >= parts.length) return;
    settle(put(parts, part, to), part);
    // The row may have been made anew at its new place.
    requestAnimationFrame(() => place.current?.querySelector<HTMLElement>(`[data-part="${part.articleId}"] .grip`)?.focus());
  };

  const grab = (part: MySeriesPart) => (event: PointerEvent<HTMLButtonElement>) => {
    if (event.button !== 0) return;
    let order = parts;
    const drag = ({ clientY }: globalThis.PointerEvent) => {
      const rows = [...(place.current?.children ?? [])].map((row) => row.getBoundingClientRect());
      const to = placeUnder(rows, order.indexOf(part), clientY);
      if (to === undefined) return;
      order = put(order, part, to);
      onArrange(order);
    };
    const drop = () => {
      removeEventListener("pointermove", drag);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", drop);
      setDragged(undefined);
      if (order !== parts) settle(order, part);
    };
    setDragged(part.articleId);
    addEventListener("pointermove", drag);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", drop);
  };

  return (
    <>
      <ol className="item-list" ref={place} aria-label={title}>
        {parts.map((part, at) => (
          <li key={part.articleId} className={dragged === part.articleId ? "kept dragged" : "kept"} data-part={part.articleId}>
            <button className="btn btn-icon grip" type="button" aria-label={words.move(titleOf(part), at + 1, parts.length)} onPointerDown={grab(part)} onKeyDown={step(part, at)}>
              <Icon name="grip" />
            </button>
            <div className="kept-main">
              <a className="series-part" href={`/write/${part.articleId}`} dir="auto">
                {titleOf(part)}
              </a>
              {part.status !== "published" && <p className="meta">{words.notPublished}</p>}
            </div>
            <button className="btn btn-bare" type="button" aria-label={words.takeOutOf(titleOf(part))} onClick={() => onSettle(parts.filter((each) => each !== part))}>
              {words.takeOut}
            </button>
          </li>
        ))}
      </ol>
      <p className="sr" role="status">
        {said}
      </p>
    </>
  );
}
