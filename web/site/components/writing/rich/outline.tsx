"use client";
import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import { editor as words } from "@/messages/editor";

interface Heading {
  text: string;
  level: number;
  at: number;
}

function headingsOf(editor: Editor): Heading[] {
  const headings: Heading[] = [];
  editor.state.doc.forEach((node, at) => {
    if (node.type.name === "heading" && node.content.size > 0) headings.push({ text: node.textContent, level: node.attrs.level as number, at });
  });
  return headings;
}

/** The headings of the story; each leads to its place. */
export function Outline({ editor }: { editor: Editor }) {
  const headings = useEditorState({ editor, selector: ({ editor: now }) => headingsOf(now) });
  const highest = Math.min(...headings.map(({ level }) => level));
  return (
    <nav className="outline" aria-label={words.outline.label}>
      {headings.length === 0 && <p className="meta">{words.outline.empty}</p>}
      <ol>
        {headings.map(({ text, level, at }) => (
          <li key={at} data-depth={Math.min(3, level - highest)}>
            <button className="btn-text" type="button" onClick={() => editor.chain().focus(at + 1).scrollIntoView().run()}>
              {text}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
