"use client";
import { Extension, type Editor } from "@tiptap/core";
import Suggestion, { type SuggestionKeyDownProps, type SuggestionProps } from "@tiptap/suggestion";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Icon } from "@/components/icons";
import { tableAround } from "@/lib/editor/writing";
import { editor as words } from "@/messages/editor";
import { matching, type Block } from "./blocks";
import { beside } from "./place";
import type { Session } from "./session";

type Offer = SuggestionProps<Block, Block>;

/** Where the list is drawn; the extension tells it what is offered. */
export interface SlashHost {
  show(offer: Offer | null): void;
  key(event: KeyboardEvent): boolean;
}

/** "/" at the start of a line or after a blank offers blocks. */
export const SlashCommand = Extension.create<{ blocks: readonly Block[]; host: SlashHost }>({
  name: "slash",
  addOptions: () => ({ blocks: [], host: { show: () => undefined, key: () => false } }),
  addProseMirrorPlugins() {
    const { blocks, host } = this.options;
    return [
      Suggestion<Block, Block>({
        editor: this.editor,
        char: "/",
        allow: ({ state, range }) => {
          const $from = state.doc.resolve(range.from);
          return $from.parent.type.name === "paragraph" && tableAround($from) === null;
        },
        items: ({ query }) => matching(blocks, query),
        command: ({ editor, range, props }) => {
          editor.chain().focus().deleteRange(range).run();
          props.insert(editor as Editor);
        },
        render: () => ({
          onStart: (offer) => host.show(offer),
          onUpdate: (offer) => host.show(offer),
          onExit: () => host.show(null),
          onKeyDown: ({ event }: SuggestionKeyDownProps) => host.key(event),
        }),
      }),
    ];
  },
});

const listId = "insert-block";
const optionId = (index: number) => `${listId}-${index}`;

export function SlashMenu({ editor, offer, session }: { editor: Editor; offer: Offer; session: Session }) {
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState({ query: offer.query, index: 0 });
  const index = chosen.query === offer.query ? Math.min(chosen.index, Math.max(0, offer.items.length - 1)) : 0;

  // By the time the list is seen, keys are for it: whoever types quickly presses Enter at once.
  useLayoutEffect(() => {
    session.setKeys((event) => {
      const count = offer.items.length;
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move && count > 0) setChosen({ query: offer.query, index: (index + move + count) % count });
      else if ((event.key === "Enter" || event.key === "Tab") && offer.items[index]) offer.command(offer.items[index]);
      else return false;
      return true;
    });
    return () => session.setKeys(() => false);
  }, [offer, index, session]);

  // The caret stays in the story; the story says which of the list is meant.
  useEffect(() => {
    const story = editor.view.dom;
    story.setAttribute("aria-controls", listId);
    story.setAttribute("aria-activedescendant", optionId(index));
    document.getElementById(optionId(index))?.scrollIntoView({ block: "nearest" });
    return () => {
      story.removeAttribute("aria-controls");
      story.removeAttribute("aria-activedescendant");
    };
  }, [editor, index, offer]);

  useLayoutEffect(() => {
    const menu = list.current;
    const host = menu?.offsetParent;
    const caret = offer.clientRect?.();
    if (!menu || !caret || !(host instanceof HTMLElement)) return;
    const { left, top } = beside(host, caret, menu.getBoundingClientRect(), false);
    menu.style.left = `${left}px`;
    menu.style.top = `${top}px`;
  }, [offer]);

  return (
    <div className="menu slash" ref={list}>
      <div id={listId} role="listbox" aria-label={words.insert.label}>
        {offer.items.map((block, at) => (
          <div
            key={block.name}
            id={optionId(at)}
            role="option"
            aria-selected={at === index}
            className="menu-item"
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => offer.command(block)}
          >
            <Icon name={block.icon} />
            <span>
              {block.name}
              <small>{block.about}</small>
            </span>
          </div>
        ))}
      </div>
      <p className={offer.items.length === 0 ? "meta menu-head" : "sr"} role="status">
        {offer.items.length === 0 ? words.insert.none : words.insert.count(offer.items.length)}
      </p>
    </div>
  );
}
