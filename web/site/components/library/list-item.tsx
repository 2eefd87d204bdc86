"use client";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { MyListItem } from "@blog/api";
import { Names } from "@/components/byline";
import { Icon } from "@/components/icons";
import { sourceOf } from "@/lib/pictures";
import { lists } from "@/messages/lists";
import { reading } from "@/messages/reading";
import { titleOf } from "./use-list";

const words = lists.list;
const longest = 500;

interface ItemProps {
  item: MyListItem;
  place: number;
  of: number;
  dragged: boolean;
  onGrab: (event: PointerEvent<HTMLButtonElement>) => void;
  onStep: (by: -1 | 1) => void;
  onTop: () => void;
  onRemove: () => void;
  onNote: (note: string) => Promise<boolean>;
}

/** One story on a list: where it stands, what was noted, how far it was read. */
export function Item({ item, place, of, dragged, onGrab, onStep, onTop, onRemove, onNote }: ItemProps) {
  const { article } = item;
  const title = titleOf(item);
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);

  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    onStep(by);
  };
  const done = () => {
    setEditing(false);
    requestAnimationFrame(() => opener.current?.focus());
  };

  return (
    <li className={dragged ? "kept dragged" : "kept"} data-item={item.articleId}>
      <button className="btn btn-icon grip" type="button" aria-label={words.move(title, place, of)} onPointerDown={onGrab} onKeyDown={step}>
        <Icon name="grip" />
      </button>
      <div className="kept-main">
        {article ? (
          <h2>
            <a href={article.url}>{article.title}</a>
          </h2>
        ) : item.elsewhere ? (
          <>
            <h2>
              {item.elsewhere.url ? (
                <a href={item.elsewhere.url} rel="nofollow noreferrer">
                  <bdi>{title}</bdi>
                </a>
              ) : (
                <bdi>{title}</bdi>
              )}
            </h2>
            <p className="meta">
              {words.elsewhere}
              {item.elsewhere.url && <span className="dot">{new URL(item.elsewhere.url).host}</span>}
            </p>
          </>
        ) : (
          <>
            <h2 className="kept-gone">{words.gone}</h2>
            <p className="meta">{words.goneText}</p>
          </>
        )}
        {article && (
          <p className="meta">
            <Names article={article} />
            <span className="dot">{reading.story.minutes(article.readingMinutes)}</span>
            <Progress item={item} />
          </p>
        )}
        {editing ? (
          <NoteForm title={title} note={item.note} onSave={async (note) => (await onNote(note)) && done()} onCancel={done} />
        ) : (
          item.note && <p className="list-note">{item.note}</p>
        )}
        {!editing && (
          <div className="kept-tools">
            <button className="btn btn-bare" type="button" ref={opener} aria-label={item.note ? words.editNoteOf(title) : words.addNoteTo(title)} onClick={() => setEditing(true)}>
              {item.note ? words.editNote : words.addNote}
            </button>
            <span className="spring" />
            {place > 1 && (
              <button className="btn btn-icon" type="button" aria-label={words.toTop(title)} title={words.toTop(title)} onClick={onTop}>
                <Icon name="top" small />
              </button>
            )}
            <button className="btn btn-icon" type="button" aria-label={words.remove(title)} title={words.remove(title)} onClick={onRemove}>
              <Icon name="bin" small />
            </button>
          </div>
        )}
      </div>
      {article?.cover && (
        <a className="picture kept-thumb" href={article.url} tabIndex={-1} aria-hidden="true">
          <img {...sourceOf(article.cover.url, article.cover.width, 384)} sizes="6rem" width={article.cover.width} height={article.cover.height} alt="" loading="lazy" decoding="async" />
        </a>
      )}
    </li>
  );
}

export function Progress({ item: { progress, finishedAt } }: { item: Pick<MyListItem, "progress" | "finishedAt"> }) {
  if (progress)
    return (
      <span className="dot progress">
        <progress max={1} value={progress} aria-hidden="true" />
        {words.progress(progress)}
      </span>
    );
  return finishedAt ? <span className="dot">{words.read}</span> : null;
}

function NoteForm({ title, note, onSave, onCancel }: { title: string; note: string; onSave: (note: string) => Promise<unknown>; onCancel: () => void }) {
  const [text, setText] = useState(note);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    await onSave(text);
    setBusy(false);
  };
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
      }}
    >
      <textarea className="input" rows={2} aria-label={words.note(title)} value={text} maxLength={longest} autoFocus onChange={(event) => setText(event.target.value)} />
      <div className="row">
        <button className="btn btn-main" type="submit" disabled={busy}>
          {words.save}
        </button>
        <button className="btn btn-bare" type="button" onClick={onCancel}>
          {words.cancel}
        </button>
        {text.length > longest - 100 && <span className="meta">{words.left(longest - text.length)}</span>}
      </div>
    </form>
  );
}
