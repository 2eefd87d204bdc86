// A story as Markdown and as the rich editor's document at once. What nobody touched is written as it was read, byte for byte; what was touched is written anew and read again to make sure.
import type { Node, Schema } from "@tiptap/pm/model";
import type { RootContent } from "mdast";
import { labelsOf, toBlock } from "./from-doc";
import { parse, same } from "./syntax";
import { toNode } from "./to-doc";
import { markdownOf, says, writeBlock } from "./write";

/** A block as it was read. */
interface Origin {
  node: Node;
  /** Its lines, without the last line end. */
  source: string;
  /** What stands between the block before and this one: a line end and perhaps blank lines. */
  gap: string;
  /** The block read before it, to know whether they still follow one another. */
  before: Origin | undefined;
  /** The block read after it. */
  after: Origin | undefined;
}

interface Reading {
  /** Blank lines before the first block. */
  head: string;
  /** What follows the last block. */
  tail: string;
  lineEnd: string;
  first: Origin | undefined;
  last: Origin | undefined;
}

interface Piece {
  text: string;
  node: Node;
  origin: Origin | undefined;
}

export class Manuscript {
  readonly #schema: Schema;
  #reading: Reading = { head: "", tail: "", lineEnd: "\n", first: undefined, last: undefined };
  readonly #origins = new WeakMap<Node, Origin>();
  /** By their words, because undo brings an equal node back, not the same. */
  readonly #byWords = new Map<string, Origin[]>();
  readonly #written = new WeakMap<Node, string>();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  /** The document of a text. Texts read earlier stay known, so that undo finds their bytes. */
  read(markdown: string): Node {
    const { sources, head, tail } = cut(markdown);
    const nodes = this.#nodes(sources);
    let before: Origin | undefined;
    let first: Origin | undefined;
    nodes.forEach((node, index) => {
      const { text, gap } = sources[index] as Source;
      const origin: Origin = { node, source: text, gap, before, after: undefined };
      if (before) before.after = origin;
      first ??= origin;
      before = origin;
      this.#origins.set(node, origin);
      const words = wordsOf(node);
      this.#byWords.set(words, [...(this.#byWords.get(words) ?? []), origin]);
    });
    this.#reading = { head, tail, lineEnd: /\r\n|\n|\r/.exec(markdown)?.[0] ?? "\n", first, last: before };
    return this.#schema.node("doc", null, nodes.length > 0 ? nodes : [this.#schema.node("paragraph")]);
  }

  /** The text of a document: the bytes that were read where nothing changed. */
  write(doc: Node): string {
    const { head, tail, first, last, lineEnd } = this.#reading;
    const nodes = childrenOf(doc).filter((node) => node.type.name !== "paragraph" || node.content.size > 0);
    const pieces = nodes.map((node): Piece => ({ text: "", node, origin: this.#originOf(node) }));
    const labels = labelsIn(nodes);
    let text = "";
    let previous: Piece | undefined;
    pieces.forEach((piece, index) => {
      const own = this.#textOf(piece, previous, pieces[index + 1], labels);
      if (own === "") return;
      text += previous ? gapBetween(previous, piece, own, lineEnd) + own : own;
      previous = { ...piece, text: own };
    });
    if (!previous) return first ? "" : head;
    return (pieces[0]?.origin === first ? head : "") + text + (previous.origin === last ? tail : /[\r\n]/.exec(tail) ? lineEnd : "");
  }

  /** The text with every block written anew, as if each had been touched. For tests of the rules; blocks that are kept to the letter stay. */
  rewrite(markdown: string): { text: string; blocks: number; raw: number } {
    const nodes = childrenOf(this.read(markdown)).filter((node) => node.content.size > 0 || node.type.name !== "paragraph");
    const text = this.#joined(nodes, labelsIn(nodes));
    return { text, blocks: nodes.length, raw: nodes.filter(({ type }) => type.name === "rawBlock").length };
  }

  #joined(nodes: readonly Node[], labels: ReadonlySet<string>): string {
    return nodes.reduce<{ text: string; previous: Piece | undefined }>(
      ({ text, previous }, node, index) => {
        const own = node.type.name === "rawBlock" ? (index < nodes.length - 1 ? closed(node.textContent) : node.textContent) : this.#canonical(node, previous, undefined, labels);
        const piece: Piece = { text: own, node, origin: undefined };
        return { text: previous ? `${text}\n\n${own}` : own, previous: piece };
      },
      { text: "", previous: undefined },
    ).text;
  }

  /** A node for each block; what would not come back as it is becomes a block of raw Markdown. */
  #nodes(sources: readonly Source[]): Node[] {
    const nodes = sources.map(({ block, text }) => {
      const node = toNode(this.#schema, block);
      const back = node && toBlock(node);
      return node && back && same([back], [block]) && !isUncertain(node, text) ? node : rawNode(this.#schema, text);
    });
    // All at once is the usual case; one by one only where something did not come back.
    const blocks = nodes.map((node, index) => (node.type.name === "rawBlock" ? (sources[index] as Source).block : (toBlock(node) as RootContent)));
    const rewritten = markdownOf(blocks);
    if (same(parse(rewritten).children, blocks)) return nodes.map((node, index) => (node.type.name === "rawBlock" ? rawNode(this.#schema, (sources[index] as Source).text) : node));
    return nodes.map((node, index) => (node.type.name !== "rawBlock" && says(markdownOf([blocks[index] as RootContent]), [blocks[index] as RootContent]) ? node : rawNode(this.#schema, (sources[index] as Source).text)));
  }

  #originOf(node: Node): Origin | undefined {
    const known = this.#origins.get(node);
    if (known) return known;
    const found = this.#byWords.get(wordsOf(node))?.find((origin) => origin.node.eq(node));
    if (found) this.#origins.set(node, found);
    return found;
  }

  #textOf({ node, origin }: Piece, previous: Piece | undefined, next: Piece | undefined, labels: ReadonlySet<string>): string {
    if (node.type.name === "rawBlock") {
      const text = origin?.source ?? node.textContent;
      return next && (!origin?.after || next.origin !== origin.after) ? closed(text) : text;
    }
    if (origin && fits(origin, previous, next)) return origin.source;
    const text = this.#canonical(node, previous, next, labels);
    return this.#reading.lineEnd === "\n" ? text : text.replaceAll("\n", this.#reading.lineEnd);
  }

  /** A block written anew; lists beside one another differ in their markers, or they would be one. */
  #canonical(node: Node, previous: Piece | undefined, next: Piece | undefined, labels: ReadonlySet<string>): string {
    const block = toBlock(node);
    if (!block) return "";
    if (block.type === "list") {
      const taken = [markerOf(previous?.text, block.ordered), next?.origin && markerOf(next.origin.source, block.ordered)];
      const marker = [block.data?.marker, ...(block.ordered ? [".", ")"] : ["-", "*", "+"])].find((one) => one && !taken.includes(one)) ?? block.data?.marker;
      if (marker !== block.data?.marker) return writeBlock({ ...block, data: { marker } }, labels).text;
    }
    const kept = this.#written.get(node);
    if (kept !== undefined) return kept;
    const { text } = writeBlock(block, labels);
    this.#written.set(node, text);
    return text;
  }
}

/** "[^some words]" is a note to the server, and words to the parser here. */
const isUncertain = (node: Node, text: string) => !node.type.spec.code && node.textContent.includes("[^") && /(?<!\\)\[\^/.test(text.replace(/(`+)[^]*?\1/g, ""));

interface Source {
  block: RootContent;
  text: string;
  gap: string;
}

/** The blocks of a text, each with its lines and with what stands before it. */
function cut(markdown: string): { sources: Source[]; head: string; tail: string } {
  const mark = markdown.startsWith("\uFEFF") ? 1 : 0;
  const lines = lineStarts(markdown);
  const sources: Source[] = [];
  let end = 0;
  let head = "";
  for (const block of parse(markdown.slice(mark)).children) {
    if (!block.position) continue;
    // A heading that follows definitions in one run of lines is said to begin where they do.
    const from = Math.max(lineAt(lines, (block.position.start.offset ?? 0) + mark), sources.length === 0 ? 0 : lineAfter(lines, end));
    const to = lineEnd(markdown, (block.position.end.offset ?? 0) + mark);
    const start = sources.length === 0 ? Math.max(from, mark) : from;
    if (sources.length === 0) head = markdown.slice(0, start);
    sources.push({ block, text: markdown.slice(start, to), gap: sources.length === 0 ? "" : markdown.slice(end, start) });
    end = to;
  }
  return sources.length > 0 ? { sources, head, tail: markdown.slice(end) } : { sources, head: markdown, tail: "" };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  return starts;
}

const lineAt = (starts: readonly number[], offset: number) => starts[indexAt(starts, offset)] as number;

function indexAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const lineAfter = (starts: readonly number[], offset: number) => starts[indexAt(starts, offset) + 1] ?? offset;

function lineEnd(text: string, offset: number): number {
  const at = text.slice(offset).search(/[\r\n]/);
  return at === -1 ? text.length : offset + at;
}

const labelsIn = (nodes: readonly Node[]) => labelsOf(nodes.filter(({ type }) => type.name === "linkDefinition").flatMap((node) => toBlock(node) ?? []));
const wordsOf = (node: Node) => `${node.type.name}\n${node.textContent}`;
const childrenOf = (node: Node): Node[] => Array.from({ length: node.childCount }, (_, index) => node.child(index));
const rawNode = (schema: Schema, source: string) => schema.node("rawBlock", null, source ? [schema.text(source.replace(/\r\n?/g, "\n"))] : []);

function gapBetween(previous: Piece, piece: Piece, text: string, lineEnd: string): string {
  if (piece.origin?.before && piece.origin.before === previous.origin) return piece.origin.gap;
  const gap = piece.origin?.gap || previous.origin?.after?.gap;
  if (!gap) return lineEnd + lineEnd;
  return /(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)/.test(gap) || partsWithout(previous.text, gap, text) ? gap : lineEnd + lineEnd;
}

/** Whether two blocks stay two with no blank line between them. */
const partsWithout = (one: string, gap: string, other: string) => same(parse(one + gap + other).children, [...parse(one).children, ...parse(other).children]);

/** Whether a block's own bytes mean the same between these neighbours as between those it had. */
function fits(origin: Origin, previous: Piece | undefined, next: Piece | undefined): boolean {
  if (previous && (!origin.before || previous.origin !== origin.before)) {
    // What is indented would become part of a list or a note before it, and a list would go on.
    if (/^[ \t]/.test(origin.source)) return false;
    const marker = markerOf(origin.source, origin.node.type.name === "orderedList");
    if (/List$/.test(origin.node.type.name) && previous.node.type.name === origin.node.type.name && marker === markerOf(previous.text, marker === "." || marker === ")")) return false;
  }
  if (next && (!origin.after || next.origin !== origin.after)) return isClosed(origin.source);
  return true;
}

const markerOf = (text: string | undefined, ordered: boolean | null | undefined) => (ordered ? /^\s*\d{1,9}([.)])/ : /^\s*([-*+])(?=\s|$)/).exec(text ?? "")?.[1];

/** Whether a paragraph after the text and a blank line is a paragraph of its own: a fence or a comment may still be open. */
function isClosed(text: string): boolean {
  if (!/[`~<]/.test(text)) return true;
  const last = parse(`${text}\n\nx`).children.at(-1);
  return last?.type === "paragraph" && last.children[0]?.type === "text" && last.children[0].value === "x";
}

const endings = ["", "\n```", "\n````", "\n~~~", "\n-->", "\n?>", "\n]]>", "\n>", "\n</script>", "\n</style>", "\n</pre>", "\n</textarea>"];

/** The text, ended so that what follows does not become part of it. */
const closed = (text: string) => text + (endings.find((ending) => isClosed(text + ending)) ?? "");
