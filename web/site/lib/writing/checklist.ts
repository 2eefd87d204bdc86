// What somebody who reads a story once more before it goes out would notice. Nothing here keeps it from going out.
import type { Nodes } from "mdast";
import { parse } from "@/lib/editor/syntax";
import type { Content } from "./content";

/** A place in the text: the characters it stands for, and which of its kind it is. */
export interface Place {
  start: number;
  end: number;
  number: number;
}

export type Finding =
  | { kind: "title" }
  | { kind: "description" }
  | { kind: "cover" }
  | { kind: "coverAlt" }
  /** A picture that says nothing to those who cannot see it. */
  | { kind: "alt"; place: Place; source: string }
  /** "TK", to come: what writers leave where something is missing. */
  | { kind: "tk"; place: Place; around: string }
  | LinkFinding;

/** A link that cannot lead anywhere, or whose server says so. */
export interface LinkFinding {
  kind: "link";
  place: Place;
  address: string;
  words: string;
  /** What its server said. */
  problem?: string;
}

/** For `matchAll`. */
export const marker = /(?<![\p{L}\p{N}_])TK(?:TK)*(?![\p{L}\p{N}_])/gu;
const reach = 24;

export function lookOver({ title, description, markdown, coverMediaId, coverAlt }: Content): Finding[] {
  const findings: Finding[] = [];
  if (!title.trim()) findings.push({ kind: "title" });
  if (!description.trim()) findings.push({ kind: "description" });
  if (!coverMediaId) findings.push({ kind: "cover" });
  else if (!coverAlt.trim()) findings.push({ kind: "coverAlt" });
  return [...findings, ...inText(markdown)];
}

function inText(markdown: string): Finding[] {
  const findings: Finding[] = [];
  const count = { alt: 0, tk: 0, link: 0 };
  const placed = (kind: keyof typeof count, start: number, end: number): Place => ({ start, end, number: count[kind]++ });
  const look = (node: Nodes): void => {
    const [start, end] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
    if ((node.type === "image" || node.type === "imageReference") && !node.alt?.trim()) findings.push({ kind: "alt", place: placed("alt", start, end), source: node.type === "image" ? node.url : (node.label ?? "") });
    else if (node.type === "link" && leadsNowhere(node.url)) findings.push({ kind: "link", place: placed("link", start, end), address: node.url, words: wordsOf(node) });
    else if (node.type === "text")
      for (const { index, 0: found } of markdown.slice(start, end).matchAll(marker)) {
        const at = start + index;
        findings.push({ kind: "tk", place: placed("tk", at, at + found.length), around: around(markdown, at, at + found.length) });
      }
    if ("children" in node) node.children.forEach(look);
  };
  look(parse(markdown));
  return findings;
}

/** Links into the web: whether they lead anywhere, only their servers know. */
export function linksIn(markdown: string): LinkFinding[] {
  const links: LinkFinding[] = [];
  const look = (node: Nodes): void => {
    if (node.type === "link" && /^https?:/i.test(node.url) && !leadsNowhere(node.url))
      links.push({ kind: "link", place: { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0, number: links.length }, address: node.url, words: wordsOf(node) });
    if ("children" in node) node.children.forEach(look);
  };
  look(parse(markdown));
  return links;
}

const wordsOf = (node: Nodes): string => ("value" in node ? node.value : "children" in node ? node.children.map(wordsOf).join("") : "");

/** The line a place stands in, as far as it is short. */
function around(text: string, start: number, end: number): string {
  const from = Math.max(text.lastIndexOf("\n", start - 1) + 1, start - reach);
  const line = text.indexOf("\n", end);
  const to = Math.min(line < 0 ? text.length : line, end + reach);
  return `${from > 0 && text[from - 1] !== "\n" ? "…" : ""}${text.slice(from, to).trim()}${to < text.length && text[to] !== "\n" ? "…" : ""}`;
}

/** Without an address, with one that is none, or of a page only this writer sees. */
export function leadsNowhere(address: string): boolean {
  if (address === "" || address === "#") return true;
  if (/^[#/]/.test(address) || /^(?:mailto|tel):./i.test(address)) return false;
  if (!/^https?:/i.test(address)) return true;
  if (!URL.canParse(address)) return true;
  const { hostname } = new URL(address);
  return !hostname.includes(".") || /(?:^|\.)(?:localhost|local|internal|example|invalid|test)$|^(?:127|10)\.|^192\.168\.|^example\.(?:com|org|net)$/.test(hostname);
}
