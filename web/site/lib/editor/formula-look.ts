// Formulas in a line as readers will see them; where the caret stands in one, or beside it, its source is there to be edited.
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet, type EditorView } from "@tiptap/pm/view";
import { changedPart, differentPart } from "./changed";
import { inOneLine } from "./formulas";

interface Formula {
  from: number;
  to: number;
  tex: string;
  display: boolean;
}

type Draw = (tex: string, display: boolean) => string | null;

const key = new PluginKey<DecorationSet>("formulaLook");
const known = new Map<string, string | null>();
const most = 2_000;
let draw: Draw | undefined;
let loading: Promise<void> | undefined;

/** What can draw formulas comes with the first of them. */
const load = () => (loading ??= import("@/lib/formulas").then(({ drawFormula }) => void (draw = drawFormula)));

/** The formulas in the blocks that a part of a document touches. */
export function formulasIn(doc: Node, from: number, to: number): Formula[] {
  const found: Formula[] = [];
  doc.nodesBetween(Math.max(0, from), Math.min(doc.content.size, to), (block, position) => {
    if (!block.isTextblock || block.type.spec.code) return !block.isTextblock;
    block.forEach((node, offset) => {
      const mark = node.marks.find(({ type }) => type.name === "formula");
      if (!mark || !node.text) return;
      const start = position + 1 + offset;
      const last = found.at(-1);
      const display = Boolean(mark.attrs.display);
      if (last?.to === start && last.display === display) Object.assign(last, { to: start + node.nodeSize, tex: last.tex + node.text });
      else found.push({ from: start, to: start + node.nodeSize, tex: node.text, display });
    });
    return false;
  });
  return found;
}

function lookOf(tex: string, display: boolean): string | null {
  const name = `${display} ${tex}`;
  const look = known.get(name);
  if (look !== undefined || !draw) return look ?? null;
  if (known.size >= most) known.clear();
  const drawn = draw(inOneLine(tex), display);
  known.set(name, drawn);
  return drawn;
}

function decorated({ from, to, tex, display }: Formula): Decoration[] {
  const look = lookOf(tex, display);
  if (look === null) return [];
  const made = () => {
    const element = document.createElement("span");
    element.className = display ? "formula-look formula-apart" : "formula-look";
    element.contentEditable = "false";
    element.innerHTML = look;
    return element;
  };
  return [Decoration.widget(from, made, { side: -1, marks: [], key: `${display} ${tex}`, ignoreSelection: true }), Decoration.inline(from, to, { class: "formula-source" })];
}

const all = (doc: Node) => DecorationSet.create(doc, formulasIn(doc, 0, doc.content.size).flatMap(decorated));

export const FormulaLook = Extension.create({
  name: "formulaLook",
  addProseMirrorPlugins: () => [
    new Plugin<DecorationSet>({
      key,
      state: {
        init: (_, { doc }) => all(doc),
        apply(tr, set) {
          if (tr.getMeta(key)) return all(tr.doc);
          if (!tr.docChanged) return set;
          const { from, to } = changedPart(tr);
          let mapped = set.map(tr.mapping, tr.doc);
          tr.doc.nodesBetween(Math.max(0, from - 1), Math.min(tr.doc.content.size, to + 1), (block, position) => {
            if (!block.isTextblock) return true;
            mapped = mapped.remove(mapped.find(position, position + block.nodeSize)).add(tr.doc, formulasIn(tr.doc, position, position + block.nodeSize).flatMap(decorated));
            return false;
          });
          return mapped;
        },
      },
      props: {
        decorations(state) {
          const set = key.getState(state) ?? DecorationSet.empty;
          const { from, to } = state.selection;
          // The source, and what is drawn at its beginning.
          const edited = state.selection instanceof TextSelection ? set.find(from, to).flatMap((one) => set.find(one.from, one.to)) : [];
          return edited.length > 0 ? set.remove(edited) : set;
        },
        handleDOMEvents: {
          mousedown: (view, event) => {
            const look = event.target instanceof Element ? event.target.closest(".formula-look") : null;
            if (!look || event.button !== 0) return false;
            event.preventDefault();
            edit(view, look);
            return true;
          },
        },
      },
      view: (view) => {
        const see = (now: EditorView, from = 0, to = now.state.doc.content.size) => {
          if (draw || loading || formulasIn(now.state.doc, from, to).length === 0) return;
          void load().then(() => now.isDestroyed || now.dispatch(now.state.tr.setMeta(key, true).setMeta("addToHistory", false)));
        };
        if (draw) return {};
        see(view);
        return {
          update: (now, before) => {
            if (draw || loading || before.doc === now.state.doc) return;
            const { from, to } = differentPart(before.doc, now.state.doc);
            if (from <= to) see(now, from, to);
          },
        };
      },
    }),
  ],
});

/** The caret goes to the end of the formula that was pointed at. */
function edit(view: EditorView, look: Element): void {
  const at = view.posAtDOM(look, 0);
  const formula = formulasIn(view.state.doc, at, at).find(({ from, to }) => from <= at && at <= to);
  if (formula) view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, formula.to)));
  view.focus();
}
