// One opened rich editor: when its text goes to the draft, what comes in from elsewhere, and pictures on their way.
import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Selection } from "@tiptap/pm/state";
import { afterPaint } from "@/lib/after-paint";
import { countOf, type Count } from "@/lib/editor/count";
import { Manuscript } from "@/lib/editor/manuscript";
import { sizeOf, withSize } from "@/lib/editor/schema";
import type { Draft } from "@/lib/writing/draft";
import { mergeText } from "@/lib/writing/merge";
import { writing } from "@/messages/writing";
import type { Pictures } from "./picture-views";

/**
 * Writing the text out must not keep a key waiting, so it happens when the frame of a key was drawn, before the next one comes: not more often than each so many milliseconds, and at the latest so long after
 * the first key that is not written, drawn or not. With the copy on the device (100) that is 250.
 */
const between = 100;
const longest = 150;
const countAfter = 500;

/** Where pictures come in: each by itself, as one gallery, or into a gallery at a position. */
export type PicturePlace = "alone" | "together" | number;

export type Counted = Count & { selected: number };

export class Session implements Pictures {
  readonly #draft: Draft;
  #editor: Editor | undefined;
  #manuscript: Manuscript | undefined;
  /** What the draft and the editor agree on; null before the first text came in. */
  #text: string | null = null;
  #pending = false;
  #written = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #cancelPaint: (() => void) | undefined;
  #counting: ReturnType<typeof setTimeout> | undefined;
  #tell: (count: Counted) => void = () => undefined;
  readonly #files = new Map<string, { name: string; url: string }>();

  /** What a key means while the list of blocks is open; true when it was taken. */
  keys: (event: KeyboardEvent) => boolean = () => false;
  insertPictures: (files: readonly File[], place?: PicturePlace) => void = () => undefined;
  choosePictures: (place: PicturePlace) => void = () => undefined;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  attach(editor: Editor, tell: (count: Counted) => void): void {
    if (this.#editor !== editor) {
      this.#manuscript = new Manuscript(editor.schema);
      this.#text = null;
    }
    this.#editor = editor;
    this.#tell = tell;
  }

  setKeys(keys: (event: KeyboardEvent) => boolean): void {
    this.keys = keys;
  }

  setPictures(insert: Session["insertPictures"], choose: Session["choosePictures"]): void {
    this.insertPictures = insert;
    this.choosePictures = choose;
  }

  /** The story changed; its Markdown follows soon. */
  readonly soon = (): void => {
    const at = Date.now();
    if (!this.#pending) this.#timer = setTimeout(this.now, longest);
    this.#pending = true;
    this.#cancelPaint?.();
    this.#cancelPaint = at - this.#written < between ? undefined : afterPaint(this.now);
  };

  /** Writes at once what changed, before anything that might take the window away. */
  readonly now = (): void => {
    clearTimeout(this.#timer);
    this.#cancelPaint?.();
    if (!this.#pending || !this.#editor || !this.#manuscript) return;
    this.#pending = false;
    this.#written = Date.now();
    const before = this.#text;
    const mine = (this.#text = this.#manuscript.write(this.#editor.state.doc));
    const theirs = this.#draft.view().content.markdown;
    // What came in from elsewhere since the last key was written out stays; the draft then tells the editor of it.
    const joined = before === null || theirs === before ? mine : (mergeText(before, mine, theirs) ?? mine + writing.versus.separator + theirs);
    if (joined !== theirs) this.#draft.change({ markdown: joined });
    this.take();
    this.count();
  };

  readonly count = (): void => {
    this.#counting ??= setTimeout(() => {
      this.#counting = undefined;
      if (!this.#editor || this.#editor.isDestroyed) return;
      const { doc, selection } = this.#editor.state;
      this.#tell({ ...countOf(doc), selected: selection.empty ? 0 : countOf(doc.cut(selection.from, selection.to)).words });
    }, countAfter);
  };

  /** Text from elsewhere (the Markdown field, another window, a version brought back) comes in as one step, which undo can take back. */
  readonly take = (): void => {
    const { markdown } = this.#draft.view().content;
    if (this.#pending || markdown === this.#text || !this.#editor || !this.#manuscript) return;
    const isFirst = this.#text === null;
    this.#text = markdown;
    const { state, view } = this.#editor;
    const doc = this.#manuscript.read(markdown);
    const [from, to, end] = difference(state.doc, doc);
    if (from !== to || from !== end) {
      const tr = state.tr.replaceWith(childAt(state.doc, from), childAt(state.doc, to), doc.slice(childAt(doc, from), childAt(doc, end)).content);
      // A story is opened at its beginning.
      if (isFirst) tr.setSelection(Selection.atStart(tr.doc));
      view.dispatch(tr.setMeta("addToHistory", !isFirst).setMeta("preventUpdate", true));
    }
    this.count();
  };

  begin(source: string, file: File): void {
    this.#files.set(source, { name: file.name || "picture", url: URL.createObjectURL(file) });
  }

  readonly preview = (source: string) => this.#files.get(source);

  /** Gives a picture its address wherever it was moved meanwhile, or takes it out when there is none. */
  settle(source: string, picture: { src: string; alt: string } | null): void {
    const look = this.#files.get(source);
    if (look) URL.revokeObjectURL(look.url);
    if (!this.#editor || this.#editor.isDestroyed) return;
    const { tr, doc } = this.#editor.state;
    doc.descendants((node, position) => {
      if (node.type.name !== "picture" || withSize(node.attrs.src as string, "text") !== source) return true;
      const at = tr.mapping.map(position);
      const $at = tr.doc.resolve(at);
      if (picture) tr.setNodeMarkup(at, undefined, { ...node.attrs, ...picture, src: withSize(picture.src, sizeOf(node.attrs.src as string)) });
      // A gallery without pictures is none.
      else if ($at.parent.type.name === "gallery" && $at.parent.childCount === 1) tr.delete($at.before(), $at.after());
      else tr.delete(at, at + node.nodeSize);
      return false;
    });
    this.#editor.view.dispatch(tr.setMeta("addToHistory", false));
  }
}

/** The blocks that differ: from the first, to after the last in the old document, and to after the last in the new. */
function difference(old: Node, now: Node): [number, number, number] {
  let from = 0;
  while (from < old.childCount && from < now.childCount && old.child(from).eq(now.child(from))) from++;
  let tail = 0;
  while (tail < old.childCount - from && tail < now.childCount - from && old.child(old.childCount - 1 - tail).eq(now.child(now.childCount - 1 - tail))) tail++;
  return [from, old.childCount - tail, now.childCount - tail];
}

function childAt(doc: Node, index: number): number {
  let position = 0;
  for (let child = 0; child < index; child++) position += doc.child(child).nodeSize;
  return position;
}
