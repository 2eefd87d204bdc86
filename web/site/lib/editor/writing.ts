// What keys and typed marks do in the rich editor beyond what TipTap's own extensions do.
import { Extension, InputRule, markInputRule, textblockTypeInputRule, type Editor } from "@tiptap/core";
import type { ResolvedPos } from "@tiptap/pm/model";
import { Plugin, Selection, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { CodeText, FormulaBlock, FormulaMark, Item } from "./schema";

/** Tasks: "[ ] " at the start of a line, Enter for the next open one, Mod-Enter to tick. */
export const TaskItem = Item.extend({
  addInputRules() {
    return [
      new InputRule({
        find: /^\[([ xX]?)\] $/,
        handler: ({ state, range, match, chain }) => {
          const checked = match[1]?.toLowerCase() === "x";
          const { $from } = state.selection;
          if ($from.parent.type.name !== "paragraph") return null;
          const within = $from.node(-1).type === this.type;
          const steps = chain().deleteRange(range);
          (within ? steps : steps.toggleBulletList()).updateAttributes(this.name, { checked }).run();
        },
      }),
    ];
  },
  addKeyboardShortcuts() {
    const splitOrLeave = () => this.editor.commands.splitListItem(this.name, this.editor.getAttributes(this.name).checked === null ? {} : { checked: false });
    return {
      Enter: splitOrLeave,
      Tab: () => this.editor.commands.sinkListItem(this.name),
      "Shift-Tab": () => this.editor.commands.liftListItem(this.name),
      "Mod-Enter": () => {
        const { checked } = this.editor.getAttributes(this.name);
        return typeof checked === "boolean" && this.editor.commands.updateAttributes(this.name, { checked: !checked });
      },
    };
  },
});

export const TypedCode = CodeText.extend({
  addInputRules() {
    return [textblockTypeInputRule({ find: /^(?:```|~~~)([\w+#.-]*)[\s\n]$/, type: this.type, getAttributes: ([, info = ""]) => ({ info }) })];
  },
});

const tex = String.raw`((?!\s)(?:\\[^\n]|[^$\\\n])+?(?<!\s))`;
const alone = String.raw`(?<![\p{L}\p{Nd}$\\])`;

/** "$x$" and "$$x$$" become formulas when the last sign is typed. */
export const TypedFormula = FormulaMark.extend({
  addInputRules() {
    return [
      markInputRule({ find: new RegExp(String.raw`${alone}\$${tex}\$$`, "u"), type: this.type }),
      markInputRule({ find: new RegExp(String.raw`${alone}\$\$${tex}\$\$$`, "u"), type: this.type, getAttributes: { display: true } }),
    ];
  },
});

export const TypedFormulaBlock = FormulaBlock.extend({
  addInputRules() {
    return [textblockTypeInputRule({ find: /^\$\$[\s\n]$/, type: this.type })];
  },
});

/** "[words](address)" becomes a link when its last bracket is typed. */
export const TypedLink = Extension.create({
  name: "typedLink",
  addInputRules() {
    return [
      new InputRule({
        find: /(?:^|[^!])(\[([^[\]]+)\]\(([^()\s]+)\))$/,
        handler: ({ state, range, match }) => {
          const [, whole = "", words = "", href = ""] = match;
          const link = state.schema.marks.link;
          if (!link || /^\s*(?:javascript|data|vbscript):/i.test(href)) return null;
          // The last bracket was not inserted yet.
          const from = range.to - (whole.length - 1);
          state.tr.replaceWith(from, range.to, state.schema.text(words, [link.create({ href })])).removeStoredMark(link);
        },
      }),
    ];
  },
});

/** The depth of the table a place is in, or null. */
export function tableAround($place: ResolvedPos): number | null {
  for (let depth = $place.depth; depth > 0; depth--) if ($place.node(depth).type.name === "table") return depth;
  return null;
}

/** Enter in a table goes down a row, as in a sheet; after the last row it leaves the table. */
export const TableKeys = Extension.create({
  name: "tableKeys",
  priority: 200,
  addKeyboardShortcuts: () => ({
    Enter: ({ editor }) => {
      const { $from } = editor.state.selection;
      for (let depth = $from.depth; depth > 0; depth--) {
        if ($from.node(depth).type.name !== "tableRow") continue;
        const table = $from.node(depth - 1);
        const row = $from.index(depth - 1);
        const column = $from.index(depth);
        let position = $from.start(depth - 1);
        if (row + 1 >= table.childCount) return leave(editor, $from.after(depth - 1));
        for (let index = 0; index <= row; index++) position += table.child(index).nodeSize;
        position++;
        for (let index = 0; index < column; index++) position += table.child(row + 1).child(index).nodeSize;
        editor.view.dispatch(editor.state.tr.setSelection(Selection.near(editor.state.doc.resolve(position + 1))).scrollIntoView());
        return true;
      }
      return false;
    },
  }),
});

function leave(editor: Editor, after: number): boolean {
  const { tr, doc, schema } = editor.state;
  const paragraph = schema.nodes.paragraph;
  if (!paragraph) return false;
  if (doc.resolve(after).nodeAfter?.type !== paragraph) tr.insert(after, paragraph.create());
  editor.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
  return true;
}

/**
 * Keys act on what is selected on screen. Browsers tell of a selection later than of the key that follows it; until then ProseMirror acts on the one before, so it is told before each key.
 */
export const SeenSelection = Extension.create({
  name: "seenSelection",
  priority: 1_000,
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        handleDOMEvents: {
          keydown: (view, event) => {
            // What is being composed belongs to the keyboard of the device.
            if (!view.composing && !event.isComposing && event.keyCode !== 229) view.dom.ownerDocument.dispatchEvent(new Event("selectionchange"));
            return false;
          },
        },
      },
    }),
  ],
});

/** What stands in an empty story, and the block one writes in, for focus mode. */
export const Standing = Extension.create<{ hint: string }>({
  name: "standing",
  addOptions: () => ({ hint: "" }),
  addProseMirrorPlugins() {
    const { hint } = this.options;
    return [
      new Plugin({
        props: {
          decorations: ({ doc, selection }) => {
            const { $from } = selection;
            const marks: Decoration[] = [];
            if ($from.depth > 0) marks.push(Decoration.node($from.before(1), $from.after(1), { "data-here": "" }));
            if (doc.childCount === 1 && doc.firstChild?.type.name === "paragraph" && doc.firstChild.content.size === 0) marks.push(Decoration.node(0, doc.firstChild.nodeSize, { class: "hint", "data-hint": hint }));
            return DecorationSet.create(doc, marks);
          },
        },
      }),
    ];
  },
});

/** A footnote at the caret, and the place to write it at the end of the story. */
export function insertFootnote(editor: Editor): boolean {
  const { state } = editor;
  const taken = new Set<string>();
  state.doc.descendants((node) => {
    if (node.type.name.startsWith("footnote")) taken.add(String(node.attrs.label));
  });
  let number = 1;
  while (taken.has(String(number))) number++;
  const { footnoteReference, footnoteDefinition, paragraph } = state.schema.nodes;
  if (!footnoteReference || !footnoteDefinition || !paragraph) return false;
  const tr = state.tr.replaceSelectionWith(footnoteReference.create({ label: String(number) }), false);
  let end = tr.doc.content.size;
  // The empty paragraph that ends every story stays last.
  if (tr.doc.lastChild?.type === paragraph && tr.doc.lastChild.content.size === 0) end -= tr.doc.lastChild.nodeSize;
  tr.insert(end, footnoteDefinition.create({ label: String(number) }, paragraph.create()));
  editor.view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(end + 2))).scrollIntoView());
  editor.view.focus();
  return true;
}
