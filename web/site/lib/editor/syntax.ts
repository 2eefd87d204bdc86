// The Markdown this site speaks, as a tree: CommonMark with tables, footnotes, task lists, strikethrough, bare web addresses, formulas and callouts, as the server's renderer reads it.
import type { BlockContent, Blockquote, DefinitionContent, Image, Nodes, Paragraph, Parent, PhrasingContent, Root, Text } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { formulas, formulasFromMarkdown } from "./formulas";

export const calloutKinds = ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"] as const;
export type CalloutKind = (typeof calloutKinds)[number];

/** A quote that begins with [!NOTE] or its like. */
export interface Callout extends Parent {
  type: "callout";
  kind: CalloutKind;
  children: (BlockContent | DefinitionContent)[];
}

/** A paragraph of nothing but several of the site's own pictures. */
export interface Gallery extends Parent {
  type: "gallery";
  children: Image[];
}

declare module "mdast" {
  interface BlockContentMap {
    callout: Callout;
    gallery: Gallery;
  }
  interface RootContentMap {
    callout: Callout;
    gallery: Gallery;
  }
  interface ListData {
    /** What stands before an item: "-", "*", "+", or "." and ")" after a number. */
    marker?: string;
  }
  interface LinkData {
    /** True when the server may read it otherwise. */
    uncertain?: boolean;
  }
  interface TableData {
    uncertain?: boolean;
  }
}

const extensions = [gfm({ singleTilde: false }), formulas];
// Without its second look for addresses in the finished tree, which does not see escapes.
const mdastExtensions = [...gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] })), formulasFromMarkdown];

/** The tree of a text; each node knows the part of the text it stands for. */
export function parse(markdown: string): Root {
  const root = fromMarkdown(markdown, { extensions, mdastExtensions });
  settle(root, markdown);
  return root;
}

function settle(node: Nodes, source: string): void {
  if (node.type === "list") {
    const at = node.position?.start.offset ?? 0;
    const marker = /^\d{0,9}([-*+.)])/.exec(source.slice(at, at + 10))?.[1];
    if (marker) node.data = { ...node.data, marker };
  }
  // A line end in code among words is a blank.
  if (node.type === "inlineCode") node.value = node.value.replace(/\r\n?|\n/g, " ");
  if (node.type === "table") {
    const width = node.children[0]?.children.length ?? 0;
    // The server makes a table wider for a row that is too long, and no table where a row has no bar.
    if (node.children.some((row) => row.children.length > width || !source.slice(row.position?.start.offset, row.position?.end.offset).includes("|"))) node.data = { ...node.data, uncertain: true };
    for (const row of node.children) row.children = Array.from({ length: width }, (_, column) => row.children[column] ?? { type: "tableCell", children: [] });
  }
  if (!("children" in node)) return;
  for (const child of node.children) settle(child, source);
  node.children = joined((node.children as Nodes[]).map((child) => (child.type === "blockquote" ? (callout(child) ?? child) : child.type === "paragraph" ? (gallery(child) ?? child) : (unlinked(child, source) ?? child)))) as typeof node.children;
}

/** GFM makes links of a@b.example and of addresses right behind any sign; the server leaves these as they were typed. */
function unlinked(node: Nodes, source: string): Text | undefined {
  if (node.type !== "link") return undefined;
  const [words] = node.children;
  const at = node.position?.start.offset;
  if (words?.type !== "text" || node.children.length > 1 || (at !== undefined && (source[at] === "<" || source[at] === "["))) return undefined;
  if (node.url === `mailto:${words.value}` || (at !== undefined && at > 0 && !/[\s*_~(]/.test(source[at - 1] ?? ""))) return { type: "text", value: words.value };
  // Where such an address ends is read in more than one way.
  if (count(node.url, "(") !== count(node.url, ")")) node.data = { ...node.data, uncertain: true };
  return undefined;
}

const count = (text: string, sign: string) => text.split(sign).length - 1;

/** Pieces of text that follow one another are one text. */
function joined(nodes: Nodes[]): Nodes[] {
  const result: Nodes[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node.type === "text" && last?.type === "text") last.value += node.value;
    else result.push(node);
  }
  return result;
}

function callout(quote: Blockquote): Callout | undefined {
  const [first, ...rest] = quote.children;
  const head = first?.type === "paragraph" ? first.children[0] : undefined;
  if (first?.type !== "paragraph" || head?.type !== "text") return undefined;
  const [, word, tail] = /^\[!([A-Z]+)\][ \t]*(?:\n([^]*))?$/.exec(head.value) ?? [];
  const kind = calloutKinds.find((known) => known === word);
  if (!kind || (tail === undefined && first.children.length > 1)) return undefined;
  const words: PhrasingContent[] = tail ? [{ type: "text", value: tail }, ...first.children.slice(1)] : first.children.slice(1);
  const opening: Paragraph[] = words.length > 0 ? [{ type: "paragraph", children: words }] : [];
  return { type: "callout", kind, children: [...opening, ...rest], position: quote.position };
}

/** Pictures on the way to the server will be its own. */
const own = /^(?:\/media\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:[?#].*)?|uploading:\d+)$/i;

function gallery({ children, position }: Paragraph): Gallery | undefined {
  const pictures = children.filter((child) => child.type === "image");
  const others = children.filter((child) => child.type !== "image" && !(child.type === "text" && child.value.trim() === ""));
  return pictures.length > 1 && others.length === 0 && pictures.every(({ url }) => own.test(url)) ? { type: "gallery", children: pictures, position } : undefined;
}

/** A list is loose when its items are set apart, or the parts of one of them; its paragraphs then are paragraphs. */
export const isLoose = (list: Extract<Nodes, { type: "list" }>) => Boolean(list.spread) || list.children.some((item) => item.spread);

/** One item with one part has nothing to set apart. */
export const canBeLoose = (items: readonly { children: readonly unknown[] }[]) => items.length > 1 || items.some(({ children }) => children.length > 1);

/** Equal for trees that say the same: what stands in the text for a tree's own sake (positions, markers, the form of a break) does not count. */
export function shape(node: Nodes): unknown {
  switch (node.type) {
    case "text":
      return node.value;
    case "list":
      return ["list", node.ordered ? (node.start ?? 1) : null, isLoose(node), node.children.map((item) => [item.checked ?? null, shapes(item.children)])];
    case "table":
      return ["table", node.align, node.children.map((row) => row.children.map((cell) => shapes(cell.children)))];
    case "link":
      return ["link", node.url, node.title ?? "", shapes(node.children)];
    case "image":
      return ["image", node.url, node.title ?? "", node.alt ?? ""];
    case "linkReference":
      return ["linkReference", node.identifier, shapes(node.children)];
    case "imageReference":
      return ["imageReference", node.identifier, node.alt ?? ""];
    case "definition":
      return ["definition", node.identifier, node.url, node.title ?? ""];
    case "footnoteReference":
      return ["footnoteReference", node.identifier];
    case "footnoteDefinition":
      return ["footnoteDefinition", node.identifier, shapes(node.children)];
    case "heading":
      return ["heading", node.depth, shapes(node.children)];
    case "callout":
      return ["callout", node.kind, shapes(node.children)];
    case "code":
      return ["code", node.lang ?? "", node.meta ?? "", node.value];
    case "inlineCode":
    case "math":
    case "html":
      return [node.type, node.value];
    case "formula":
      return ["formula", node.display, node.value];
    default:
      return "children" in node ? [node.type, shapes(node.children)] : [node.type];
  }
}

/** A paragraph without words is nothing to a reader. */
const shapes = (nodes: readonly Nodes[]) => nodes.filter((node) => node.type !== "paragraph" || node.children.length > 0).map(shape);

/** Whether two runs of blocks say the same. */
export const same = (one: readonly Nodes[], other: readonly Nodes[]) => JSON.stringify(shapes(one)) === JSON.stringify(shapes(other));
