// How long a story is, counted as the server counts it (services/Content/Text/WordCount.cs), block by block, so that a key costs one block.
import type { Node } from "@tiptap/pm/model";

export interface Count {
  /** Words of scripts that separate them, and characters of those that do not. */
  words: number;
  minutes: number;
}

const unspaced = "[\\u0E00-\\u0E2F\\u0E40-\\u0E46\\u0E80-\\u0EB0\\u0EC0-\\u0EC6\\u1000-\\u102A\\u1780-\\u17B3\\u3041-\\u3096\\u30A1-\\u30FA\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uF900-\\uFAFF\\u{20000}-\\u{3FFFF}]";
const characters = new RegExp(unspaced, "gu");
const spaced = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}\p{Cf}'’\-.,_])*/gu;
const wordsPerMinute = 238;
const charactersPerMinute = 400;

interface Tally {
  words: number;
  characters: number;
}

export function tally(text: string): Tally {
  let alone = 0;
  const rest = text.replace(characters, () => {
    alone++;
    return " ";
  });
  return { words: rest.match(spaced)?.length ?? 0, characters: alone };
}

export const counted = ({ words, characters: alone }: Tally): Count => ({ words: words + alone, minutes: Math.max(1, Math.round(words / wordsPerMinute + alone / charactersPerMinute)) });

const known = new WeakMap<Node, Tally>();

export function countOf(doc: Node): Count {
  const sum = { words: 0, characters: 0 };
  doc.forEach((block) => {
    let own = known.get(block);
    if (!own) known.set(block, (own = tally(wordsOf(block))));
    sum.words += own.words;
    sum.characters += own.characters;
  });
  return counted(sum);
}

/** Text as a reader meets it; blocks do not run together, and nobody reads TeX or the source of a diagram aloud. */
function wordsOf(node: Node): string {
  const { text, type, attrs, marks } = node;
  if (text) return marks.some((mark) => mark.type.name === "formula") ? " " : text;
  if (type.name === "picture") return `${attrs.alt} ${attrs.title ?? ""}`;
  if (type.name === "image") return ` ${attrs.alt} `;
  if (type.name === "formulaBlock" || (type.name === "codeBlock" && /^mermaid\b/.test(attrs.info as string))) return "";
  return type.name === "hardBreak" ? "\n" : node.children.map(wordsOf).join(node.isTextblock ? "" : "\n");
}
