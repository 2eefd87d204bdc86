// Addresses that are paragraphs of their own, and below each what readers get in its place.
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet, type EditorView } from "@tiptap/pm/view";

/** The address a paragraph of the story is, or null: as the server sees it (LinkAddress, ArticleHtml.Links.cs). */
export function addressOf(node: Node): string | null {
  const only = node.type.name === "paragraph" && node.childCount === 1 ? node.firstChild : null;
  const link = only?.marks.length === 1 ? only.marks[0] : undefined;
  if (!only?.text || link?.type.name !== "link" || link.attrs.title) return null;
  const [text, href] = [webAddress(only.text), webAddress(link.attrs.href as string)];
  return text !== null && text === href ? text : null;
}

function webAddress(text: string): string | null {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) return null;
  const url = new URL(trimmed);
  return url.username || url.password ? null : url.href;
}

interface LinkCardOptions {
  /** An element that shows what an address leads to, and follows it by itself. */
  draw: (address: string, view: EditorView, position: () => number | undefined) => HTMLElement;
}

const key = new PluginKey<DecorationSet>("linkCards");

export const LinkCards = Extension.create<LinkCardOptions>({
  name: "linkCards",
  addProseMirrorPlugins() {
    const { draw } = this.options;
    const cards = (doc: Node): DecorationSet => {
      const shown: Decoration[] = [];
      doc.forEach((node, offset) => {
        const address = addressOf(node);
        if (!address) return;
        const end = offset + node.nodeSize;
        shown.push(
          Decoration.node(offset, end, { class: "address-alone" }),
          Decoration.widget(end, (view, position) => draw(address, view, position), { key: `card ${address}`, side: -1, ignoreSelection: true, stopEvent: () => true }),
        );
      });
      return DecorationSet.create(doc, shown);
    };
    return [
      new Plugin<DecorationSet>({
        key,
        state: { init: (_, { doc }) => cards(doc), apply: (tr, before) => (tr.docChanged ? cards(tr.doc) : before) },
        props: { decorations: (state) => key.getState(state) },
      }),
    ];
  },
});
