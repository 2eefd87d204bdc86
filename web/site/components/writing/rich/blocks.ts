// What "/" and the insert button offer.
import type { Editor } from "@tiptap/core";
import type { IconName } from "@/components/icons";
import { insertFootnote } from "@/lib/editor/writing";
import { editor as words } from "@/messages/editor";

export interface Block {
  name: string;
  about: string;
  /** Other words people look for it by. */
  also: string;
  icon: IconName;
  insert: (editor: Editor) => void;
}

const block = ([name, about]: readonly [string, string], also: string, icon: IconName, insert: (editor: Editor) => void): Block => ({ name, about, also, icon, insert });
const callout = (kind: string) => (editor: Editor) => void editor.chain().focus().insertContent({ type: "callout", attrs: { kind }, content: [{ type: "paragraph" }] }).run();

/** @param choosePictures Opens the file chooser; `together` makes a gallery of what is chosen. */
export const blocks = (choosePictures: (place: "alone" | "together") => void): readonly Block[] => [
  block(words.insert.heading, "h2 title section", "topics", (editor) => editor.chain().focus().setHeading({ level: 2 }).run()),
  block(words.insert.subheading, "h3 heading title section", "topics", (editor) => editor.chain().focus().setHeading({ level: 3 }).run()),
  block(words.insert.picture, "image photo upload figure", "picture", () => choosePictures("alone")),
  block(words.insert.gallery, "images photos grid pictures side by side", "columns", () => choosePictures("together")),
  block(words.insert.list, "bullets unordered ul", "list", (editor) => editor.chain().focus().toggleBulletList().run()),
  block(words.insert.numbers, "ordered ol 1 2 3", "list", (editor) => editor.chain().focus().toggleOrderedList().run()),
  block(words.insert.tasks, "todo check box", "check", (editor) => editor.chain().focus().toggleBulletList().updateAttributes("listItem", { checked: false }).run()),
  block(words.insert.quote, "blockquote citation", "quote", (editor) => editor.chain().focus().toggleBlockquote().run()),
  block(words.insert.code, "fence program listing pre", "code", (editor) => editor.chain().focus().setCodeBlock().run()),
  block(words.insert.formula, "math maths equation tex latex katex", "formula", (editor) => editor.chain().focus().setNode("formulaBlock").run()),
  block(words.insert.diagram, "mermaid flowchart graph chart sequence uml", "topics", (editor) =>
    editor.chain().focus().insertContent({ type: "codeBlock", attrs: { info: "mermaid" }, content: [{ type: "text", text: "flowchart LR\n  idea --> draft --> story" }] }).run()),
  block(words.insert.table, "grid rows columns", "columns", (editor) => editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run()),
  block(words.insert.note, "callout admonition info", "note", callout("NOTE")),
  block(words.insert.tip, "callout admonition hint", "note", callout("TIP")),
  block(words.insert.important, "callout admonition", "warning", callout("IMPORTANT")),
  block(words.insert.warning, "callout admonition danger", "warning", callout("WARNING")),
  block(words.insert.caution, "callout admonition danger", "warning", callout("CAUTION")),
  block(words.insert.footnote, "note reference", "mark", (editor) => void insertFootnote(editor)),
  block(words.insert.divider, "rule hr line break", "less", (editor) => editor.chain().focus().setHorizontalRule().run()),
  block(words.insert.raw, "html source embed", "code", (editor) => editor.chain().focus().insertContent({ type: "rawBlock" }).run()),
];

export function matching(all: readonly Block[], query: string): Block[] {
  const wanted = query.trim().toLowerCase();
  const rank = ({ name, also }: Block) => (name.toLowerCase().startsWith(wanted) ? 0 : ` ${name} ${also}`.toLowerCase().includes(` ${wanted}`) ? 1 : 2);
  return all.filter((one) => rank(one) < 2).sort((one, other) => rank(one) - rank(other));
}
