// From the rich editor's nodes to Markdown's tree.
import type { Mark, Node } from "@tiptap/pm/model";
import type { BlockContent, Definition, FootnoteDefinition, Image, ListItem, Nodes, PhrasingContent, ReferenceType, RootContent, TableRow } from "mdast";
import { inOneLine } from "./formulas";
import { canBeLoose, type CalloutKind } from "./syntax";
import { usualOrder } from "./to-doc";

type Block = BlockContent | Definition | FootnoteDefinition;

interface Reference {
  label: string;
  type: ReferenceType;
}

const identifier = (label: string) => label.replace(/\s+/g, " ").trim().toLowerCase();
const reference = ({ label, type }: Reference) => ({ identifier: identifier(label), label, referenceType: type });
const children = (node: Node): Node[] => Array.from({ length: node.childCount }, (_, index) => node.child(index));

/** The blocks that nodes stand for; a paragraph without words stands for nothing. */
export const toBlocks = (nodes: readonly Node[]): Block[] => nodes.filter((node) => node.type.name !== "paragraph" || node.content.size > 0).flatMap((node) => toBlock(node) ?? []);

export function toBlock(node: Node): Block | null {
  const { attrs } = node;
  switch (node.type.name) {
    case "paragraph": {
      const words = inline(node);
      return words.length > 0 ? { type: "paragraph", children: words } : null;
    }
    case "heading":
      return { type: "heading", depth: attrs.level as 1, children: inline(node, attrs.level > 2) };
    case "blockquote":
      return { type: "blockquote", children: toBlocks(children(node)) };
    case "callout":
      return { type: "callout", kind: attrs.kind as CalloutKind, children: toBlocks(children(node)) };
    case "bulletList":
    case "orderedList":
      return list(node);
    case "codeBlock": {
      const [, lang = null, meta = null] = /^(\S+)(?:\s+([^]*\S))?/.exec((attrs.info as string).trim()) ?? [];
      return { type: "code", lang, meta: meta || null, value: node.textContent };
    }
    case "formulaBlock":
      return { type: "math", value: node.textContent };
    case "horizontalRule":
      return { type: "thematicBreak" };
    case "table":
      return {
        type: "table",
        align: children(node.child(0)).map((cell) => cell.attrs.align as "left" | "right" | "center" | null),
        children: children(node).map((row): TableRow => ({ type: "tableRow", children: children(row).map((cell) => ({ type: "tableCell", children: inline(cell.child(0), true) })) })),
      };
    case "picture":
      return { type: "paragraph", children: [picture(node)] };
    case "gallery":
      return node.childCount > 1 ? { type: "gallery", children: children(node).map(picture) } : toBlock(node.child(0));
    case "footnoteDefinition":
      return { type: "footnoteDefinition", identifier: identifier(attrs.label as string), label: attrs.label as string, children: toBlocks(children(node)) as BlockContent[] };
    case "linkDefinition":
      return { type: "definition", identifier: identifier(attrs.label as string), label: attrs.label as string, url: attrs.url as string, title: attrs.title as string | null };
    case "rawBlock":
      return { type: "html", value: node.textContent };
    default:
      throw new Error(`No Markdown for ${node.type.name}`);
  }
}

const picture = ({ attrs }: Node): Image => ({ type: "image", url: attrs.src as string, alt: attrs.alt as string, title: (attrs.title as string | null) || null });

function list(node: Node): Block {
  const items = children(node).map((item): ListItem => ({ type: "listItem", checked: item.attrs.checked as boolean | null, spread: false, children: toBlocks(children(item)) }));
  // Paragraphs that follow one another have a blank line between them, and then the list is a loose one.
  const wanted = Boolean(node.attrs.loose) || items.some((item) => item.children.some((child, index) => child.type === "paragraph" && item.children[index - 1]?.type === "paragraph"));
  const spread = wanted && canBeLoose(items);
  for (const item of items) item.spread = spread;
  const ordered = node.type.name === "orderedList";
  return { type: "list", ordered, start: ordered ? (node.attrs.start as number) : null, spread, data: { marker: (node.attrs.marker as string | null) ?? undefined }, children: items };
}

interface Piece {
  /** What it is, without what surrounds it; text may be shortened. */
  leaf: PhrasingContent;
  around: readonly Mark[];
}

/** @param oneLine Where a line end would end the block. */
function inline(block: Node, oneLine = false): PhrasingContent[] {
  return nested(drawnIn(tidied(children(block).map((node) => piece(node, oneLine)), oneLine)));
}

function piece(node: Node, oneLine: boolean): Piece {
  const around = node.marks.filter((mark) => usualOrder.includes(mark.type.name));
  return { leaf: leaf(node, oneLine), around };
}

function leaf(node: Node, oneLine: boolean): PhrasingContent {
  const { attrs } = node;
  switch (node.type.name) {
    case "text": {
      const text = node.text ?? "";
      if (node.marks.some(({ type }) => type.name === "code")) return { type: "inlineCode", value: text };
      const formula = node.marks.find(({ type }) => type.name === "formula");
      if (formula) return formulaOf(text, Boolean(formula.attrs.display));
      return { type: "text", value: !oneLine && node.marks.some(({ type }) => type.name === "wrap") ? text.replace(" ", "\n") : text };
    }
    case "hardBreak":
      return attrs.html || oneLine ? { type: "html", value: (attrs.html as string | null) ?? "<br>" } : { type: "break" };
    case "rawInline":
      return { type: "html", value: attrs.source as string };
    case "image":
      return attrs.reference
        ? { type: "imageReference", ...reference(attrs.reference as Reference), alt: attrs.alt as string }
        : picture(node);
    case "footnoteReference":
      return { type: "footnoteReference", identifier: identifier(attrs.label as string), label: attrs.label as string };
    default:
      throw new Error(`No Markdown for ${node.type.name}`);
  }
}

function formulaOf(text: string, display: boolean): PhrasingContent {
  const tex = inOneLine(text);
  return tex ? { type: "formula", display, value: tex } : { type: "text", value: text };
}

/** Blanks at the ends of a paragraph and around its line ends are nothing in Markdown; several line ends would end it. */
function tidied(pieces: Piece[], oneLine: boolean): Piece[] {
  const result = pieces.map((one) => ({ ...one, leaf: { ...one.leaf } }));
  const edge = (one: Piece | undefined) => !one || one.leaf.type === "break";
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = 0; at < result.length; at++) {
      const { leaf: own } = result[at] as Piece;
      if (own.type !== "text") continue;
      const before = result[at - 1];
      const after = result[at + 1];
      let text = own.value.replace(/[ \t]*\n\s*/g, "\n");
      if (oneLine) text = text.replaceAll("\n", " ");
      const ended = edge(before) || (before?.leaf.type === "text" && before.leaf.value.endsWith("\n"));
      if (ended) text = text.replace(/^[ \t\n]+/, "");
      if (!after) text = text.replace(/[ \t\n]+$/, "");
      else if (after?.leaf.type === "text" && after.leaf.value.startsWith("\n")) text = text.replace(/[ \t]+$/, "");
      if (text === own.value) continue;
      changed = true;
      own.value = text;
      if (text === "") result.splice(at--, 1);
    }
  }
  return result;
}

const emphatic = ["bold", "italic", "strike"];

/** Marks begin and end at words: "**bold **" is not bold in Markdown. */
function drawnIn(pieces: readonly Piece[]): Piece[] {
  let result: Piece[] = pieces.flatMap((one) => {
    const { leaf: own } = one;
    if (own.type !== "text" || !one.around.some(({ type }) => emphatic.includes(type.name))) return [one];
    return own.value
      .split(/(^[ \t\n]+|[ \t\n]+$)/)
      .filter(Boolean)
      .map((value) => ({ ...one, leaf: { type: "text" as const, value } }));
  });
  const blank = ({ leaf: own }: Piece) => (own.type === "text" && own.value.trim() === "") || own.type === "break";
  for (const name of emphatic) {
    const has = (one: Piece | undefined) => one?.around.some(({ type }) => type.name === name) ?? false;
    const without = (one: Piece): Piece => ({ ...one, around: one.around.filter(({ type }) => type.name !== name) });
    result = result.map((one, at) => {
      if (!has(one) || !blank(one)) return one;
      const reaches = (step: 1 | -1) => {
        let next = at + step;
        while (has(result[next]) && blank(result[next] as Piece)) next += step;
        return has(result[next]);
      };
      return reaches(1) && reaches(-1) ? one : without(one);
    });
  }
  return joinedTexts(result);
}

function joinedTexts(pieces: readonly Piece[]): Piece[] {
  return pieces.reduce<Piece[]>((result, one) => {
    const last = result.at(-1);
    if (last?.leaf.type === "text" && one.leaf.type === "text" && last.around.length === one.around.length && last.around.every((mark, index) => alike(mark, one.around[index])))
      result[result.length - 1] = { ...last, leaf: { type: "text", value: last.leaf.value + one.leaf.value } };
    else result.push(one);
    return result;
  }, []);
}

const alike = (one: Mark, other: Mark | undefined) =>
  one.type === other?.type && (one.type.name !== "link" || (one.attrs.href === other.attrs.href && one.attrs.title === other.attrs.title && one.attrs.reference?.label === other.attrs.reference?.label));

/** Marks that go on over several pieces become one, the longest outermost. */
function nested(pieces: readonly Piece[], within: readonly Mark[] = []): PhrasingContent[] {
  const result: Nodes[] = [];
  for (let at = 0; at < pieces.length; ) {
    const one = pieces[at] as Piece;
    const open = one.around.filter((mark) => !within.some((outer) => outer.type === mark.type));
    if (open.length === 0) {
      const last = result.at(-1);
      if (last?.type === "text" && one.leaf.type === "text") last.value += one.leaf.value;
      else result.push({ ...one.leaf });
      at++;
      continue;
    }
    const lengths = open.map((mark) => {
      let end = at + 1;
      while (pieces[end]?.around.some((other) => alike(mark, other))) end++;
      return end - at;
    });
    const depth = (mark: Mark) => (mark.attrs.nest as number | null) ?? usualOrder.indexOf(mark.type.name);
    const best = open.map((mark, index) => ({ mark, length: lengths[index] as number })).sort((a, b) => b.length - a.length || depth(a.mark) - depth(b.mark))[0] as { mark: Mark; length: number };
    result.push(held(best.mark, nested(pieces.slice(at, at + best.length), [...within, best.mark])));
    at += best.length;
  }
  return result as PhrasingContent[];
}

function held({ type, attrs }: Mark, words: PhrasingContent[]): PhrasingContent {
  switch (type.name) {
    case "bold":
      return { type: "strong", children: words };
    case "italic":
      return { type: "emphasis", children: words };
    case "strike":
      return { type: "delete", children: words };
    default:
      return attrs.reference
        ? { type: "linkReference", ...reference(attrs.reference as Reference), children: words as never }
        : { type: "link", url: attrs.href as string, title: (attrs.title as string | null) || null, children: words as never };
  }
}

/** The labels that definitions among the blocks give. */
export const labelsOf = (blocks: readonly RootContent[]): ReadonlySet<string> => new Set(blocks.flatMap((block) => (block.type === "definition" ? [block.identifier] : [])));
