"use client";
import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import { useEffect, useState } from "react";
import { Icon } from "@/components/icons";
import { replace, searchOf, seek, step } from "@/lib/editor/find";
import { editor as words } from "@/messages/editor";

/** Find and replace; Escape closes it where the text was found. */
export function FindBar({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const [text, setText] = useState(() => editor.state.doc.textBetween(editor.state.selection.from, Math.min(editor.state.selection.to, editor.state.selection.from + 80), " "));
  const [other, setOther] = useState("");
  const [caseMatters, setCase] = useState(false);
  const { current, count } = useEditorState({ editor, selector: ({ editor: now }) => ({ current: searchOf(now.state).current, count: searchOf(now.state).found.length }) });

  useEffect(() => {
    editor.view.dispatch(seek(editor.state.tr, { text, caseMatters }));
    reveal(editor);
  }, [editor, text, caseMatters]);
  useEffect(() => () => void (editor.isDestroyed || editor.view.dispatch(seek(editor.state.tr, { text: "", caseMatters: false }))), [editor]);

  const go = (by: 1 | -1) => {
    editor.view.dispatch(step(editor.state, by));
    reveal(editor);
  };
  const close = () => {
    const { found, current: at } = searchOf(editor.state);
    const place = found[at];
    onClose();
    if (place) editor.chain().focus().setTextSelection(place).run();
    else editor.commands.focus();
  };
  return (
    <form
      className="find-bar"
      role="search"
      aria-label={words.find.label}
      onSubmit={(event) => {
        event.preventDefault();
        go(1);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
        else if (event.key === "Enter" && event.shiftKey) {
          event.preventDefault();
          go(-1);
        }
      }}
    >
      <div className="find-line">
        <input className="input" aria-label={words.find.find} placeholder={words.find.find} value={text} autoFocus onChange={(event) => setText(event.target.value)} />
        <span className="meta" role="status">
          {text && words.find.place(current + 1, count)}
        </span>
        <button className="btn btn-icon" type="button" aria-label={words.find.previous} title={words.find.previous} onClick={() => go(-1)}>
          <Icon name="top" small />
        </button>
        <button className="btn btn-icon" type="submit" aria-label={words.find.next} title={words.find.next}>
          <Icon name="down" small />
        </button>
        <button className="btn btn-icon" type="button" aria-label={words.find.close} title={words.find.close} onClick={close}>
          <Icon name="close" small />
        </button>
      </div>
      <div className="find-line">
        <button className="btn btn-icon" type="button" aria-label={words.find.caseMatters} title={words.find.caseMatters} aria-pressed={caseMatters} onClick={() => setCase(!caseMatters)}>
          Aa
        </button>
        <input className="input" aria-label={words.find.replace} placeholder={words.find.replace} value={other} onChange={(event) => setOther(event.target.value)} />
        <button className="btn btn-line" type="button" disabled={count === 0} onClick={() => editor.view.dispatch(replace(editor.state, other, false))}>
          {words.find.one}
        </button>
        <button className="btn btn-line" type="button" aria-label={words.find.all} title={words.find.all} disabled={count === 0} onClick={() => editor.view.dispatch(replace(editor.state, other, true))}>
          {words.find.allShort}
        </button>
      </div>
    </form>
  );
}

function reveal(editor: Editor): void {
  requestAnimationFrame(() => editor.isDestroyed || editor.view.dom.querySelector(".found-here")?.scrollIntoView({ block: "center" }));
}
