// What a story is made of in the rich editor: nodes and marks, each with a counterpart in Markdown's tree. How they look and behave on screen is added where there is a screen.
import { mergeAttributes, Mark, Node, type Extensions } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { CodeBlock } from "@tiptap/extension-code-block";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { BulletList, ListItem, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Strike } from "@tiptap/extension-strike";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { Text } from "@tiptap/extension-text";
import { calloutKinds } from "./syntax";

/** Kept for Markdown, not shown. */
const hidden = (fallback: unknown) => ({ default: fallback, rendered: false });

/** The depth at which a mark stands among others around the same words, where that is not the usual order. */
const nest = hidden(null);

export const StrongMark = Bold.extend({ addAttributes: () => ({ nest }) });
export const EmphasisMark = Italic.extend({ addAttributes: () => ({ nest }) });
export const StrikeMark = Strike.extend({ addAttributes: () => ({ nest }) });
export const LinkMark = Link.extend({
  inclusive: false,
  addAttributes() {
    return { href: { default: "" }, title: { default: null }, reference: hidden(null), nest };
  },
});
/** Code in a line may be bold, or a link, as in Markdown. */
export const CodeMark = Code.extend({ excludes: "" });

/** TeX among words; set apart where `display` is true. */
export const FormulaMark = Mark.create({
  name: "formula",
  code: true,
  exitable: true,
  excludes: "code",
  addAttributes: () => ({
    display: { default: false, parseHTML: (element) => element.dataset.formula === "display", renderHTML: ({ display }: { display: boolean }) => ({ "data-formula": display ? "display" : "" }) },
  }),
  parseHTML: () => [{ tag: "code[data-formula]", priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => ["code", { spellcheck: "false", ...HTMLAttributes }, 0],
});

/** TeX on lines of its own. */
export const FormulaBlock = CodeBlock.extend({
  name: "formulaBlock",
  marks: "",
  addAttributes: () => ({}),
  addCommands: () => ({}),
  addProseMirrorPlugins: () => [],
  parseHTML: () => [{ tag: "pre[data-formula]", preserveWhitespace: "full", priority: 60 }],
  renderHTML: () => ["pre", { "data-formula": "" }, 0],
});

/** A blank that is a line end in Markdown: lines wrapped by hand stay wrapped as they were. */
export const Wrap = Mark.create({
  name: "wrap",
  inclusive: false,
  parseHTML: () => [{ tag: "span[data-wrap]" }],
  renderHTML: () => ["span", { "data-wrap": "" }, 0],
});

export const Break = HardBreak.extend({ addAttributes: () => ({ html: hidden(null) }) });

const lists = { loose: hidden(false), marker: hidden(null) };
export const Bullets = BulletList.extend({ addAttributes: () => lists });
export const Numbers = OrderedList.extend({
  addAttributes() {
    return { ...lists, start: { default: 1, parseHTML: (element) => Number(element.getAttribute("start") ?? 1) } };
  },
});
/** An item of either list; a task where `checked` is true or false. */
export const Item = ListItem.extend({
  content: "block+",
  addAttributes: () => ({
    checked: {
      default: null,
      parseHTML: (element) => (element.hasAttribute("data-checked") ? element.getAttribute("data-checked") === "true" : (element.querySelector<HTMLInputElement>(":scope > input[type=checkbox], :scope > label > input[type=checkbox], :scope > p > input[type=checkbox]")?.checked ?? null)),
      renderHTML: ({ checked }: { checked: boolean | null }) => (checked === null ? {} : { "data-checked": String(checked) }),
    },
  }),
});

/** The whole info string: the language, and what may follow it. */
export const CodeText = CodeBlock.extend({
  marks: "",
  addAttributes: () => ({
    info: { default: "", parseHTML: (element) => /language-(\S+)/.exec(element.querySelector("code")?.className ?? "")?.[1] ?? "", rendered: false },
  }),
  renderHTML: () => ["pre", ["code", 0]],
});

/** A cell holds one line, as a cell in Markdown does. */
const cell = {
  content: "paragraph",
  addAttributes: () => ({
    colspan: hidden(1),
    rowspan: hidden(1),
    colwidth: hidden(null),
    align: {
      default: null,
      parseHTML: (element: HTMLElement) => /right|center|left/.exec(element.style.textAlign || element.getAttribute("align") || "")?.[0] ?? null,
      renderHTML: ({ align }: { align?: string | null }) => (align ? { "data-align": align } : {}),
    },
  }),
};

/** Not a th while one writes: an empty one would be announced as a heading of nothing. */
export const HeadCell = TableHeader.extend({
  ...cell,
  parseHTML: () => [{ tag: "th" }, { tag: "td[data-head]", priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => ["td", mergeAttributes(HTMLAttributes, { "data-head": "" }), 0],
});

export const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => ({ kind: { default: calloutKinds[0], parseHTML: (element) => element.getAttribute("data-kind"), renderHTML: ({ kind }: { kind: string }) => ({ "data-kind": kind }) } }),
  parseHTML: () => [{ tag: "div[data-kind]" }],
  renderHTML: ({ HTMLAttributes }) => ["div", mergeAttributes(HTMLAttributes, { class: "callout" }), 0],
});

/** A picture that is all its paragraph holds; its title is the caption. */
export const Picture = Node.create({
  name: "picture",
  group: "block",
  draggable: true,
  addAttributes: () => ({ src: { default: "" }, alt: { default: "" }, title: { default: null } }),
  parseHTML: () => [{ tag: "figure > img", priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => ["figure", ["img", HTMLAttributes]],
});

/** How wide a picture or a gallery is shown: as wide as the text, wider, or from edge to edge. It is the fragment of the picture's address, which means nothing to other programs. */
export const pictureSizes = ["text", "wide", "full"] as const;
export type PictureSize = (typeof pictureSizes)[number];

export const sizeOf = (address: string): PictureSize => pictureSizes.find((size) => address.endsWith(`#${size}`)) ?? "text";
export const withSize = (address: string, size: PictureSize): string => address.replace(/#.*$/, "") + (size === "text" ? "" : `#${size}`);

/** Pictures side by side; the widest says how wide all of it is. */
export const Gallery = Node.create({
  name: "gallery",
  group: "block",
  content: "picture+",
  isolating: true,
  parseHTML: () => [{ tag: "div.gallery" }],
  renderHTML: () => ["div", { class: "gallery" }, 0],
});

/** A picture among words. */
export const InlinePicture = Node.create({
  name: "image",
  group: "inline",
  inline: true,
  addAttributes: () => ({ src: { default: "" }, alt: { default: "" }, title: { default: null }, reference: hidden(null) }),
  parseHTML: () => [{ tag: "img[src]" }],
  renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
});

export const FootnoteReference = Node.create({
  name: "footnoteReference",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ label: { default: "1", parseHTML: (element) => element.getAttribute("data-note"), renderHTML: ({ label }: { label: string }) => ({ "data-note": label }) } }),
  parseHTML: () => [{ tag: "sup[data-note]" }],
  renderHTML: ({ node, HTMLAttributes }) => ["sup", HTMLAttributes, String(node.attrs.label)],
});

export const FootnoteDefinition = Node.create({
  name: "footnoteDefinition",
  group: "block",
  content: "block+",
  defining: true,
  isolating: true,
  addAttributes: () => ({ label: { default: "1", parseHTML: (element) => element.getAttribute("data-note"), renderHTML: ({ label }: { label: string }) => ({ "data-note": label }) } }),
  parseHTML: () => [{ tag: "div[data-note]" }],
  renderHTML: ({ HTMLAttributes }) => ["div", mergeAttributes(HTMLAttributes, { class: "note-text" }), 0],
});

/** [label]: address. Shows nothing to readers; links of the story may lean on it. */
export const LinkDefinition = Node.create({
  name: "linkDefinition",
  group: "block",
  atom: true,
  addAttributes: () => ({ label: hidden(""), url: hidden(""), title: hidden(null) }),
  renderHTML: ({ node }) => ["div", { class: "definition" }, `[${node.attrs.label}]: ${node.attrs.url}`],
});

/** Markdown that has no other form here, kept to the letter. */
export const RawBlock = Node.create({
  name: "rawBlock",
  group: "block",
  content: "text*",
  marks: "",
  code: true,
  defining: true,
  isolating: true,
  parseHTML: () => [{ tag: "pre[data-raw]", preserveWhitespace: "full", priority: 60 }],
  renderHTML: () => ["pre", { "data-raw": "", class: "raw" }, 0],
});

/** A tag among words, kept to the letter. */
export const RawInline = Node.create({
  name: "rawInline",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ source: { default: "", parseHTML: (element) => element.textContent, rendered: false } }),
  parseHTML: () => [{ tag: "code[data-raw]", priority: 60 }],
  renderHTML: ({ node }) => ["code", { "data-raw": "", class: "raw-inline" }, String(node.attrs.source)],
});

export const content: Extensions = [
  Document,
  Paragraph,
  Text,
  Heading,
  Blockquote,
  Bullets,
  Numbers,
  Item,
  CodeText.configure({ exitOnTripleEnter: true }),
  FormulaBlock,
  HorizontalRule,
  Table.configure({ resizable: false }),
  TableRow,
  HeadCell,
  TableCell.extend(cell),
  Callout,
  Picture,
  Gallery,
  InlinePicture,
  FootnoteReference,
  FootnoteDefinition,
  LinkDefinition,
  RawBlock,
  RawInline,
  Break,
  LinkMark.configure({ openOnClick: false, autolink: true, linkOnPaste: true, defaultProtocol: "https" }),
  EmphasisMark,
  StrongMark,
  StrikeMark,
  CodeMark,
  FormulaMark,
  Wrap,
];
