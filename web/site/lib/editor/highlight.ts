// Colours code blocks by their language. A block is read again only when it changed.
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet, type EditorView } from "@tiptap/pm/view";
import type { createLowlight } from "lowlight";
import { changedPart, differentPart } from "./changed";

interface Span {
  from: number;
  to: number;
  role: string;
}

/** The roles of highlight.js as the site's own colours know them. */
const roles: Record<string, string> = {
  comment: "tok-c", quote: "tok-c", keyword: "tok-k", built_in: "tok-k", literal: "tok-k", tag: "tok-k", "selector-tag": "tok-k", meta: "tok-k",
  string: "tok-s", regexp: "tok-s", addition: "tok-s", number: "tok-n", symbol: "tok-n", bullet: "tok-n", deletion: "tok-n",
  title: "tok-f", name: "tok-f", attr: "tok-f", attribute: "tok-f", property: "tok-f", type: "tok-f", section: "tok-f", "selector-class": "tok-f", "selector-id": "tok-f",
};

type Lowlight = ReturnType<typeof createLowlight>;
type Tree = ReturnType<Lowlight["highlight"]>;

let lowlight: Lowlight | undefined;
let loading: Promise<Lowlight> | undefined;

const load = () => (loading ??= import("lowlight").then(({ createLowlight: create, common }) => (lowlight = create(common))));

const known = new WeakMap<Node, readonly Span[]>();
const key = new PluginKey<DecorationSet>("highlight");

export const languageOf = (info: string) => /^[^\s,{]+/.exec(info.trim())?.[0]?.toLowerCase() ?? "";

function spansOf(code: Node): readonly Span[] {
  const spans = known.get(code);
  const language = languageOf(code.attrs.info as string);
  if (spans || !lowlight || !lowlight.registered(language)) return spans ?? [];
  const made: Span[] = [];
  let at = 0;
  const walk = (nodes: Tree["children"], role: string | undefined) => {
    for (const node of nodes) {
      if (node.type === "text") {
        if (role) made.push({ from: at, to: at + node.value.length, role });
        at += node.value.length;
      } else if (node.type === "element") {
        const names = (node.properties.className as string[] | undefined) ?? [];
        walk(node.children, names.map((name) => roles[name.replace(/^hljs-/, "").replace(/_$/, "")]).find(Boolean) ?? role);
      }
    }
  };
  walk(lowlight.highlight(language, code.textContent).children, undefined);
  known.set(code, made);
  return made;
}

function codeBlocks(doc: Node, from: number, to: number): { node: Node; position: number }[] {
  const blocks: { node: Node; position: number }[] = [];
  doc.nodesBetween(Math.max(0, from), Math.min(doc.content.size, to), (node, position) => {
    if (node.type.name === "codeBlock" && node.attrs.info) blocks.push({ node, position });
    return !node.isTextblock;
  });
  return blocks;
}

const drawn = ({ node, position }: { node: Node; position: number }) => spansOf(node).map(({ from, to, role }) => Decoration.inline(position + 1 + from, position + 1 + to, { class: role }));

export const Highlight = Extension.create({
  name: "highlight",
  addProseMirrorPlugins: () => [
    new Plugin<DecorationSet>({
      key,
      state: {
        init: (_, { doc }) => DecorationSet.create(doc, codeBlocks(doc, 0, doc.content.size).flatMap(drawn)),
        apply(tr, set) {
          if (tr.getMeta(key)) return DecorationSet.create(tr.doc, codeBlocks(tr.doc, 0, tr.doc.content.size).flatMap(drawn));
          if (!tr.docChanged) return set;
          const { from, to } = changedPart(tr);
          let mapped = set.map(tr.mapping, tr.doc);
          for (const block of codeBlocks(tr.doc, from - 1, to + 1)) {
            mapped = mapped.remove(mapped.find(block.position, block.position + block.node.nodeSize)).add(tr.doc, drawn(block));
          }
          return mapped;
        },
      },
      props: { decorations: (state) => key.getState(state) },
      view: (view) => {
        const look = (now: EditorView, from = 0, to = now.state.doc.content.size) => {
          if (lowlight || loading || codeBlocks(now.state.doc, from, to).length === 0) return;
          void load().then(() => now.isDestroyed || now.dispatch(now.state.tr.setMeta(key, true).setMeta("addToHistory", false)));
        };
        if (lowlight) return {};
        look(view);
        return {
          update: (now, before) => {
            if (lowlight || loading || before.doc === now.state.doc) return;
            const { from, to } = differentPart(before.doc, now.state.doc);
            if (from <= to) look(now, from, to);
          },
        };
      },
    }),
  ],
});
