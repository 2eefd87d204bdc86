// Find and replace in the rich editor.
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey, type EditorState, type Transaction } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

export interface Sought {
  text: string;
  caseMatters: boolean;
}

export interface Found {
  from: number;
  to: number;
}

interface Search {
  sought: Sought;
  found: readonly Found[];
  current: number;
  marks: DecorationSet;
}

const nothing: Search = { sought: { text: "", caseMatters: false }, found: [], current: -1, marks: DecorationSet.empty };
const key = new PluginKey<Search>("find");

export const searchOf = (state: EditorState): Search => key.getState(state) ?? nothing;

/** Every place of a text within the blocks of words. */
export function find(doc: Node, { text, caseMatters }: Sought): Found[] {
  if (!text) return [];
  const fold = (words: string) => (caseMatters ? words : foldCase(words));
  const wanted = fold(text);
  const found: Found[] = [];
  doc.descendants((block, position) => {
    if (!block.isTextblock) return true;
    const words = fold(block.textBetween(0, block.content.size, undefined, "\uFFFC"));
    for (let at = words.indexOf(wanted); at >= 0; at = words.indexOf(wanted, at + wanted.length)) found.push({ from: position + 1 + at, to: position + 1 + at + wanted.length });
    return false;
  });
  return found;
}

/** Letter by letter, so that every place stays where it is. */
const foldCase = (text: string) =>
  Array.from(text, (letter) => {
    const lower = letter.toLowerCase();
    return lower.length === letter.length ? lower : letter;
  }).join("");

function searched(doc: Node, sought: Sought, near: number, current?: number): Search {
  const found = find(doc, sought);
  const next = current ?? found.findIndex(({ from }) => from >= near);
  const at = found.length === 0 ? -1 : Math.min(Math.max(next, 0), found.length - 1);
  const marks = DecorationSet.create(doc, found.map(({ from, to }, index) => Decoration.inline(from, to, { class: index === at ? "found-here" : "found-text" })));
  return { sought, found, current: at, marks };
}

type Wish = { sought: Sought } | { current: number };

export const Find = Extension.create({
  name: "find",
  addProseMirrorPlugins: () => [
    new Plugin<Search>({
      key,
      state: {
        init: () => nothing,
        apply(tr, search) {
          const wish = tr.getMeta(key) as Wish | undefined;
          if (wish && "sought" in wish) return wish.sought.text ? searched(tr.doc, wish.sought, tr.selection.from) : nothing;
          if (wish) return searched(tr.doc, search.sought, 0, wish.current);
          return tr.docChanged && search.sought.text ? searched(tr.doc, search.sought, tr.mapping.map(search.found[search.current]?.from ?? 0)) : search;
        },
      },
      props: { decorations: (state) => searchOf(state).marks },
    }),
  ],
});

export const seek = (tr: Transaction, sought: Sought) => tr.setMeta(key, { sought } satisfies Wish).setMeta("addToHistory", false);

/** The next place, or the one before; after the last comes the first. */
export function step(state: EditorState, by: 1 | -1): Transaction {
  const { found, current } = searchOf(state);
  return found.length === 0 ? state.tr : state.tr.setMeta(key, { current: (current + by + found.length) % found.length } satisfies Wish);
}

/** Replaces the current place, or all of them; what replaces looks like what it replaces. */
export function replace(state: EditorState, text: string, all: boolean): Transaction {
  const { found, current } = searchOf(state);
  const { tr } = state;
  const places = all ? found : found.slice(current, current + 1);
  for (const { from, to } of [...places].reverse()) {
    if (text) tr.replaceWith(from, to, state.schema.text(text, state.doc.resolve(from + 1).marks().filter(({ type }) => type.name !== "wrap")));
    else tr.delete(from, to);
  }
  return tr;
}
