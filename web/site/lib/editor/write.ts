// Markdown for blocks that were changed, or were never Markdown before. What is written is read again and compared; a form is only used when it says the same.
import type { Emphasis, List, ListItem, Nodes, Root, RootContent } from "mdast";
import { gfmToMarkdown } from "mdast-util-gfm";
import { defaultHandlers, toMarkdown, type Handle, type Options } from "mdast-util-to-markdown";
import { formulasToMarkdown } from "./formulas";
import { canBeLoose, parse, same, type Callout, type Gallery } from "./syntax";

const callout: Handle = (node: Callout, _, state, info) => {
  const exit = state.enter("blockquote");
  const tracker = state.createTracker(info);
  tracker.move("> ");
  tracker.shift(2);
  const text = state.indentLines(state.containerFlow(node, tracker.current()), (line, _index, blank) => `>${blank ? "" : " "}${line}`);
  exit();
  // A line right under words makes a heading of them.
  return `> [!${node.kind}]${/^> [-=]+\s*(?:\n|$)/.test(text) ? "\n>" : ""}${text && text !== ">" ? `\n${text}` : ""}`;
};

/** Each picture on a line of its own. */
const gallery: Handle = (node: Gallery, _, state, info) => node.children.map((picture) => defaultHandlers.image(picture, undefined, state, info)).join("\n");

/** Lists keep the marker they had. */
const list: Handle = (node: List, parent, state, info) => {
  const { options } = state;
  const marker = node.data?.marker;
  if (marker && ".)".includes(marker) && node.ordered) state.options = { ...options, bulletOrdered: marker as "." | ")" };
  else if (marker && "-*+".includes(marker) && !node.ordered) state.options = { ...options, bullet: marker as "-", bulletOther: marker === "*" ? "-" : "*" };
  const text = defaultHandlers.list(node, parent, state, info);
  state.options = options;
  return text;
};

/** "***" around words is emphasis around strong ones; the other way round needs two signs. */
const emphasis: Handle & { peek?: unknown } = (node: Emphasis, parent, state, info) => {
  const { options } = state;
  if (parent?.type === "strong" && parent.children.length === 1) state.options = { ...options, emphasis: "_" };
  const text = defaultHandlers.emphasis(node, parent, state, info);
  state.options = options;
  return text;
};
emphasis.peek = defaultHandlers.emphasis.peek;

const options: Options = {
  bullet: "-",
  bulletOther: "*",
  emphasis: "*",
  strong: "*",
  rule: "-",
  listItemIndent: "one",
  tightDefinitions: true,
  // At the edge of a cell the server takes any blank away.
  unsafe: [{ character: "\u00A0", inConstruct: "tableCell" as never }],
  handlers: { callout, emphasis, gallery, list } as Options["handlers"],
  extensions: [gfmToMarkdown({ tablePipeAlign: false }), formulasToMarkdown],
};

/** The Markdown of blocks, without a line end after the last. */
export const markdownOf = (blocks: readonly RootContent[]): string => toMarkdown({ type: "root", children: [...blocks] } satisfies Root, options).replace(/\n$/, "");

/** Whether a text, read by itself, says what the blocks say. */
export const says = (text: string, blocks: readonly Nodes[]): boolean => {
  const references = definitionsFor(blocks);
  const read = parse(references ? `${text}\n\n${references}` : text).children;
  return same(references ? read.slice(0, Math.max(0, read.length - references.split("\n\n").length)) : read, blocks);
};

/** References mean something only beside what they refer to. */
function definitionsFor(blocks: readonly Nodes[]): string {
  const links = new Set<string>();
  const notes = new Set<string>();
  const own = new Set<string>();
  const look = (node: Nodes): void => {
    if (node.type === "linkReference" || node.type === "imageReference") links.add(node.label ?? node.identifier);
    else if (node.type === "footnoteReference") notes.add(node.label ?? node.identifier);
    else if (node.type === "definition" || node.type === "footnoteDefinition") own.add(`${node.type}:${node.identifier}`);
    if ("children" in node) node.children.forEach(look);
  };
  blocks.forEach(look);
  const identifier = (label: string) => label.replace(/\s+/g, " ").trim().toLowerCase();
  return [
    ...[...links].filter((label) => !own.has(`definition:${identifier(label)}`)).map((label) => `[${label}]: /`),
    ...[...notes].filter((label) => !own.has(`footnoteDefinition:${identifier(label)}`)).map((label) => `[^${label}]: .`),
  ].join("\n\n");
}

/** Beyond this many characters a text keeps every escape: asking whether one is needed costs a reading. */
const longest = 8_000;

/** Without the escapes it can do without: snake_case and array[0] stay as they were typed. */
function plainer(text: string, block: RootContent, labels: ReadonlySet<string>): string {
  if (text.length > longest) return text;
  let result = text;
  for (const escape of new Set(text.match(/\\[_[*&<:~.@|>+!$-]/g))) {
    const candidate = result.replaceAll(escape, escape.slice(1));
    // A label in brackets that the text defines elsewhere would become a link.
    if (escape === "\\[" && [...candidate.matchAll(/\[([^[\]]+)\]/g)].some(([, label = ""]) => labels.has(label.replace(/\s+/g, " ").trim().toLowerCase()) || label.startsWith("^"))) continue;
    if (says(candidate, [block])) result = candidate;
  }
  return result;
}

/** All lists of a block with blank lines between what they hold. */
function loosened(node: Nodes): Nodes {
  if (!("children" in node)) return node;
  const children = (node.children as Nodes[]).map(loosened);
  if (node.type !== "list" || !canBeLoose(node.children)) return { ...node, children } as Nodes;
  return { ...node, spread: true, children: (children as ListItem[]).map((item) => ({ ...item, spread: true })) };
}

/** Emphasis as tags, where the marks would stand so that they mean nothing. */
function tagged(node: Nodes): Nodes {
  if (!("children" in node)) return node;
  const tags = { strong: "strong", emphasis: "em", delete: "del" } as const;
  const children = (node.children as Nodes[]).flatMap((child): Nodes[] => {
    const inner = tagged(child);
    if (!(inner.type === "strong" || inner.type === "emphasis" || inner.type === "delete")) return [inner];
    const tag = tags[inner.type];
    return [{ type: "html", value: `<${tag}>` }, ...inner.children, { type: "html", value: `</${tag}>` }];
  });
  return { ...node, children } as Nodes;
}

export interface Written {
  text: string;
  /** True when reading the text gives just this block again. */
  exact: boolean;
}

/** The Markdown of one block. The words are always there; where CommonMark has no form for how they are set, a near one is used. */
export function writeBlock(block: RootContent, labels: ReadonlySet<string> = new Set()): Written {
  const text = markdownOf([block]);
  if (says(text, [block])) return { text: plainer(text, block, labels), exact: true };
  for (const near of [loosened(block), tagged(block), tagged(loosened(block))] as RootContent[]) {
    const other = markdownOf([near]);
    if (says(other, [near])) return { text: other, exact: false };
  }
  return { text, exact: false };
}
