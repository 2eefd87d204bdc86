// How blocks look and what can be set on them while one writes: plain elements, because a story has many and every key counts.
import type { NodeViewRendererProps } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import type { NodeView } from "@tiptap/pm/view";
import { languageOf } from "@/lib/editor/highlight";
import { Callout, FootnoteDefinition, RawBlock } from "@/lib/editor/schema";
import type { Diagram } from "@/lib/diagrams";
import { calloutKinds } from "@/lib/editor/syntax";
import { TaskItem, TypedCode, TypedFormulaBlock } from "@/lib/editor/writing";
import { editor as words } from "@/messages/editor";
import { reading } from "@/messages/reading";

type Setting = (attributes: Record<string, unknown>) => void;

export function make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, properties: Partial<HTMLElementTagNameMap[Tag]> = {}, ...children: (globalThis.Node | string)[]): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export function setting({ editor, getPos }: NodeViewRendererProps): Setting {
  return (attributes) => {
    const position = getPos();
    if (position === undefined) return;
    const { tr, doc } = editor.state;
    const node = doc.nodeAt(position);
    if (node) editor.view.dispatch(tr.setNodeMarkup(position, undefined, { ...node.attrs, ...attributes }));
  };
}

/** What is typed into a field of a block belongs to the field, and how a block looks is its own affair. */
export const own = (...fields: readonly HTMLElement[]) => ({
  stopEvent: ({ target }: Event) => fields.some((field) => field.contains(target as globalThis.Node)),
  ignoreMutation: ({ type, target }: { type: string; target: globalThis.Node }) => type === "attributes" || fields.some((field) => field.contains(target)),
});

/** Arrows and Enter lead from a field back into the story. */
export function leaves(field: HTMLElement, props: NodeViewRendererProps): void {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    const position = props.getPos();
    const node = position === undefined ? null : props.editor.state.doc.nodeAt(position);
    if (position !== undefined && node) props.editor.chain().focus(node.isAtom ? position + node.nodeSize : position + 1).run();
  });
}

export function follow(view: NodeView, type: Node["type"], draw: (node: Node) => boolean | void): NodeView {
  return { ...view, update: (node) => node.type === type && draw(node) !== false };
}

const languages = "code-languages";

function languageList(): void {
  if (document.getElementById(languages)) return;
  const known = ["bash", "c", "cpp", "csharp", "css", "diff", "go", "html", "ini", "java", "javascript", "json", "kotlin", "lua", "makefile", "markdown", "php", "python", "ruby", "rust", "sql", "swift", "toml", "typescript", "xml", "yaml"];
  document.body.append(make("datalist", { id: languages }, ...known.map((value) => make("option", { value }))));
}

/** Pressing what is drawn leads into its source. */
function opens(look: HTMLElement, { editor, getPos }: NodeViewRendererProps): void {
  look.classList.add("drawn-look");
  look.addEventListener("mousedown", (event) => {
    const position = getPos();
    const node = position === undefined ? null : editor.state.doc.nodeAt(position);
    if (event.button !== 0 || position === undefined || !node) return;
    event.preventDefault();
    editor.chain().focus(position + node.nodeSize - 1).run();
  });
}

/** A diagram is drawn when the keys have paused for so long. Milliseconds. */
const drawAfter = 300;

/** The diagram under its source, or what is wrong with it; nothing for other code. */
function diagramLook(host: HTMLElement, told: (drawn: boolean) => void): { show: (source: string | null) => void; stop: () => void } {
  let wanted: string | null = null;
  let made: Diagram | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const problem = make("p", { className: "meta diagram-problem" });
  const begin = async () => {
    const { diagram } = await import("@/lib/diagrams");
    if (wanted === null) return;
    if (!made) {
      made = diagram(words.diagram.look, (wrong) => {
        problem.textContent = wrong ? `${reading.diagram.wrong} ${wrong}` : "";
        told(!wrong);
      });
      host.replaceChildren(made.frame, problem);
    }
    made.draw(wanted);
  };
  const stop = () => {
    clearTimeout(timer);
    made?.stop();
    made = undefined;
    told(false);
  };
  return {
    show: (source) => {
      if (source === wanted) return;
      const first = wanted === null;
      wanted = source;
      host.hidden = source === null;
      clearTimeout(timer);
      if (source === null) stop();
      else timer = setTimeout(() => void begin(), first ? 0 : drawAfter);
    },
    stop,
  };
}

export const CodeView = TypedCode.extend({
  addNodeView: () => (props) => {
    languageList();
    const set = setting(props);
    const language = make("input", { className: "code-language", value: props.node.attrs.info as string, placeholder: words.code.plain, ariaLabel: words.code.language, spellcheck: false });
    language.setAttribute("list", languages);
    language.addEventListener("change", () => set({ info: language.value.trim().replaceAll("`", "") }));
    leaves(language, props);
    const head = make("figcaption", { contentEditable: "false" }, language);
    const code = make("code");
    const look = make("div", { className: "diagram", contentEditable: "false", hidden: true });
    const dom = make("figure", { className: "code" }, head, make("pre", { spellcheck: false }, code), look);
    const drawn = diagramLook(look, (seen) => void dom.toggleAttribute("data-drawn", seen));
    opens(look, props);
    const draw = ({ attrs, textContent }: Node) => {
      const info = attrs.info as string;
      if (document.activeElement !== language) language.value = info;
      code.dataset.language = languageOf(info);
      drawn.show(languageOf(info) === "mermaid" ? textContent : null);
    };
    draw(props.node);
    return { ...follow({ dom, contentDOM: code, ...own(head, look) }, props.node.type, draw), destroy: drawn.stop };
  },
});

/** The formula as readers will see it under its source, or what is wrong with it. */
export const FormulaView = TypedFormulaBlock.extend({
  addNodeView: () => (props) => {
    const source = make("code");
    const look = make("div", { className: "formula", contentEditable: "false", ariaLabel: words.formula.look, role: "img" });
    const problem = make("p", { className: "meta", contentEditable: "false" });
    const dom = make("figure", { className: "formula-block" }, make("pre", { spellcheck: false }, source), look, problem);
    opens(look, props);
    let drawn: string | undefined;
    const draw = ({ textContent: tex }: Node) => {
      if (tex === drawn) return;
      drawn = tex;
      void import("@/lib/formulas").then(({ drawFormula }) => {
        if (tex !== drawn) return;
        const formula = drawFormula(tex, true);
        look.hidden = !formula;
        look.innerHTML = formula ?? "";
        dom.toggleAttribute("data-drawn", Boolean(formula && tex.trim()));
        problem.textContent = tex.trim() ? (formula ? "" : words.formula.wrong) : words.formula.hint;
      });
    };
    draw(props.node);
    return { ...follow({ dom, contentDOM: source, ...own(look, problem) }, props.node.type, draw) };
  },
});

export const CalloutView = Callout.extend({
  addNodeView: () => (props) => {
    const set = setting(props);
    const kind = make("select", { ariaLabel: words.callout.label }, ...calloutKinds.map((value) => make("option", { value }, words.callout[value])));
    kind.addEventListener("change", () => set({ kind: kind.value }));
    leaves(kind, props);
    const head = make("p", { className: "callout-kind", contentEditable: "false" }, kind);
    const body = make("div");
    const dom = make("div", { className: "callout", role: "note" }, head, body);
    const draw = (node: Node) => {
      kind.value = node.attrs.kind as string;
      dom.classList.toggle("callout-warn", ["WARNING", "CAUTION", "IMPORTANT"].includes(kind.value));
      dom.ariaLabel = words.callout[kind.value as "NOTE"];
    };
    draw(props.node);
    return follow({ dom, contentDOM: body, ...own(head) }, props.node.type, draw);
  },
});

export const ItemView = TaskItem.extend({
  addNodeView: () => (props) => {
    const { checked } = props.node.attrs as { checked: boolean | null };
    if (checked === null) {
      const dom = make("li");
      return follow({ dom, contentDOM: dom }, props.node.type, (node) => node.attrs.checked === null);
    }
    const set = setting(props);
    const box = make("input", { type: "checkbox", checked, ariaLabel: words.task });
    box.addEventListener("change", () => set({ checked: box.checked }));
    const label = make("label", { contentEditable: "false" }, box);
    const body = make("div");
    return follow({ dom: make("li", { className: "task" }, label, body), contentDOM: body, ...own(label) }, props.node.type, (node) => {
      if (node.attrs.checked === null) return false;
      box.checked = node.attrs.checked as boolean;
    });
  },
});

export const RawView = RawBlock.extend({
  addNodeView: () => (props) => {
    const text = make("code");
    const dom = make("figure", { className: "raw" }, make("figcaption", { contentEditable: "false" }, words.raw), make("pre", { spellcheck: false }, text));
    return follow({ dom, contentDOM: text }, props.node.type, () => undefined);
  },
});

export const NoteView = FootnoteDefinition.extend({
  addNodeView: () => (props) => {
    const label = props.node.attrs.label as string;
    const body = make("div");
    const dom = make("div", { className: "note-text", role: "note", ariaLabel: words.note(label) }, make("span", { className: "note-label", contentEditable: "false" }, label), body);
    return follow({ dom, contentDOM: body }, props.node.type, (node) => node.attrs.label === label);
  },
});
