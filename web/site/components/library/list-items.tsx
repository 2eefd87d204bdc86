"use client";
import { useRef, useState, type PointerEvent } from "react";
import type { MyListItem } from "@blog/api";
import { placeUnder } from "@/lib/arranging";
import { lists } from "@/messages/lists";
import { Item } from "./list-item";
import { titleOf, type Shown, type useList } from "./use-list";

const words = lists.list;

type Actions = Pick<ReturnType<typeof useList>, "arrange" | "settle" | "remove" | "note" | "load">;

/** The items of a list, to be put in order by dragging or with the arrow keys. */
export function ListItems({ shown, arrange, settle, remove, note, load }: { shown: Shown } & Actions) {
  const place = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<string>();
  const [said, setSaid] = useState("");
  const { items, list, next } = shown;

  const put = (order: readonly MyListItem[], item: MyListItem, to: number): readonly MyListItem[] => {
    const rest = order.filter(({ articleId }) => articleId !== item.articleId);
    return [...rest.slice(0, to), item, ...rest.slice(to)];
  };

  const move = (item: MyListItem, to: number) => {
    if (to < 0 || to >= items.length) return;
    const order = put(items, item, to);
    arrange(order);
    setSaid(words.moved(titleOf(item), to + 1, list.itemCount));
    settle({ ...shown, items: order }, item);
    // The row may have been made anew at its new place.
    requestAnimationFrame(() => place.current?.querySelector<HTMLElement>(`[data-item="${item.articleId}"] .grip`)?.focus());
  };

  const grab = (item: MyListItem) => (event: PointerEvent<HTMLButtonElement>) => {
    if (event.button !== 0) return;
    const from = items.indexOf(item);
    let order = items;
    const drag = ({ clientY }: globalThis.PointerEvent) => {
      const rows = [...(place.current?.children ?? [])].map((row) => row.getBoundingClientRect());
      const to = placeUnder(rows, order.findIndex(({ articleId }) => articleId === item.articleId), clientY);
      if (to === undefined) return;
      order = put(order, item, to);
      arrange(order);
    };
    const drop = () => {
      removeEventListener("pointermove", drag);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", drop);
      setDragged(undefined);
      const to = order.findIndex(({ articleId }) => articleId === item.articleId);
      if (to === from) return;
      setSaid(words.moved(titleOf(item), to + 1, list.itemCount));
      settle({ ...shown, items: order }, item);
    };
    setDragged(item.articleId);
    addEventListener("pointermove", drag);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", drop);
  };

  return (
    <>
      <ol className="item-list" ref={place} aria-label={list.name}>
        {items.map((item, index) => (
          <Item
            key={item.articleId}
            item={item}
            place={index + 1}
            of={list.itemCount}
            dragged={dragged === item.articleId}
            onGrab={grab(item)}
            onStep={(by) => move(item, index + by)}
            onTop={() => move(item, 0)}
            onRemove={() => void remove(shown, item)}
            onNote={(text) => note(shown, item, text)}
          />
        ))}
      </ol>
      <p className="sr" role="status">
        {said}
      </p>
      {next && (
        <p className="pager">
          <button className="btn btn-line" type="button" onClick={() => void load(shown)}>
            {lists.library.more}
          </button>
        </p>
      )}
    </>
  );
}

export function NoItems() {
  return (
    <div className="empty">
      <h2 className="empty-title">{words.empty}</h2>
      <p>{words.emptyText}</p>
      <div className="row">
        <a className="btn btn-main" href="/">
          {words.toStories}
        </a>
      </div>
    </div>
  );
}
