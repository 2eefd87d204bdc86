"use client";
import type { Editor } from "@tiptap/core";
import type { Transaction } from "@tiptap/pm/state";
import { useEditorState } from "@tiptap/react";
import { useEffect, useLayoutEffect, useRef } from "react";
import { chosenPicture, joined, moved, resized, sizeOfChosen, takenOut } from "@/lib/editor/pictures";
import { pictureSizes } from "@/lib/editor/schema";
import { editor as words } from "@/messages/editor";
import { beside } from "./place";
import { Tool, walk } from "./tools";

interface PictureToolsProps {
  editor: Editor;
  phone: boolean;
  /** Asks for pictures that come into a gallery at a place. */
  onAdd: (at: number) => void;
}

/** Over the selected picture: how wide it is, and what stands beside it. Alt+F10 goes there. */
export function PictureTools({ editor, phone, onAdd }: PictureToolsProps) {
  const bar = useRef<HTMLDivElement>(null);
  const shown = useEditorState({
    editor,
    selector: ({ editor: { state } }) => {
      const chosen = chosenPicture(state);
      if (!chosen) return null;
      const { gallery, position, index, node } = chosen;
      return { position, end: position + node.nodeSize, size: sizeOfChosen(chosen), canJoin: joined(state) !== null, index, count: gallery?.node.childCount ?? 0 };
    },
  });
  const active = shown !== null;

  useEffect(() => {
    if (!active) return;
    const keys = (event: KeyboardEvent) => {
      if (!event.altKey || event.key !== "F10") return;
      event.preventDefault();
      bar.current?.querySelector<HTMLElement>("button")?.focus();
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, [active]);

  useLayoutEffect(() => {
    const host = bar.current?.offsetParent;
    const dom = shown && editor.view.nodeDOM(shown.position);
    if (phone || !bar.current || !(host instanceof HTMLElement) || !(dom instanceof HTMLElement)) return;
    const size = bar.current.getBoundingClientRect();
    const picture = (dom.querySelector(".picture-frame") ?? dom).getBoundingClientRect();
    const { left } = beside(host, picture, size, true);
    bar.current.style.left = `${left}px`;
    // Below the page's head where the picture begins above it.
    bar.current.style.top = `${Math.max(picture.top - size.height - 8, Math.min(80, picture.bottom - size.height - 8)) - host.getBoundingClientRect().top}px`;
  });

  if (!shown) return null;
  const run = (tr: Transaction | null) => {
    if (tr) editor.view.dispatch(tr);
  };
  return (
    <div className={phone ? "popover phone-tools picture-tools" : "popover float-tools picture-tools"} ref={bar} role="toolbar" aria-label={words.picture.tools} onKeyDown={(event) => walk(event, editor)}>
      {pictureSizes.map((size) => (
        <Tool key={size} name={words.picture.size[size].name} letter={words.picture.size[size].short} pressed={shown.size === size} onUse={() => run(resized(editor.state, size))} />
      ))}
      {shown.canJoin && <Tool name={words.picture.join} icon="columns" onUse={() => run(joined(editor.state))} />}
      {shown.count > 1 && (
        <>
          <Tool name={words.picture.earlier} letter="←" onUse={() => run(moved(editor.state, -1))} />
          <Tool name={words.picture.later} letter="→" onUse={() => run(moved(editor.state, 1))} />
          <Tool name={words.picture.add} letter="+" onUse={() => onAdd(shown.end)} />
          <Tool name={words.picture.takeOut} icon="leave" onUse={() => run(takenOut(editor.state))} />
        </>
      )}
      <Tool name={words.picture.remove} icon="bin" onUse={() => editor.chain().focus().deleteSelection().run()} />
    </div>
  );
}
