"use client";
import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { useEditorState } from "@tiptap/react";
import { editor as words } from "@/messages/editor";

interface Heading {
  text: string;
  level: number;
}

const isHeading = (node: Node) => node.type.name === "heading" && node.content.size > 0;

const headingsOf = ({ state }: Editor): Heading[] => state.doc.children.filter(isHeading).map((node) => ({ text: node.textContent, level: node.attrs.level as number }));

/** Where a heading is now: keys above it move it without changing the outline. */
function placeOf(doc: Node, wanted: number): number {
  let seen = -1;
  let place = 0;
  doc.forEach((node, offset) => {
    if (isHeading(node) && ++seen === wanted) place = offset;
  });
  return place;
}

/** The headings of the story; each leads to its place. */
export function Outline({ editor, onChosen }: { editor: Editor; onChosen: () => void }) {
  const headings = useEditorState({ editor, selector: ({ editor: now }) => headingsOf(now) });
  const highest = Math.min(...headings.map(({ level }) => level));
  const show = (index: number) => {
    const place = placeOf(editor.state.doc, index);
    onChosen();
    editor.chain().focus(place + 1, { scrollIntoView: false }).run();
    const heading = editor.view.nodeDOM(place);
    // Once what was over the story is gone.
    requestAnimationFrame(() => heading instanceof HTMLElement && heading.scrollIntoView({ block: "start" }));
  };
  return (
    <nav className="outline" aria-label={words.outline.label}>
      {headings.length === 0 && <p className="meta">{words.outline.empty}</p>}
      <ol>
        {headings.map(({ text, level }, index) => (
          <li key={index} data-depth={Math.min(3, level - highest)}>
            <button className="btn-text" type="button" onClick={() => show(index)}>
              {text}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
