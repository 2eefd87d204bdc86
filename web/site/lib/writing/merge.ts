// Two people, or two windows of one, changed the same text. Where their changes do not touch, both are kept: by paragraph, and within a
// paragraph by word. Where they touch there is no merge, and somebody has to choose.
import { diff3Merge } from "node-diff3";
import type { Content } from "./content";
import { commonEnds, comparable, paragraphs, words } from "./sequences";

type Part = { ok: string[] } | { conflict: { a: string[]; o: string[]; b: string[] } };

/** Both changes of one text in one; null when they touch. `base` is what both began with. */
export function mergeContent(base: Content, mine: Content, theirs: Content): Content | null {
  const merged = { ...theirs };
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  // A picture and its description belong together.
  for (const fields of [["title"], ["description"], ["topics"], ["coverMediaId", "coverAlt"], ["slug"], ["canonicalUrl"], ["language"]] as const) {
    const [was, here, there] = [base, mine, theirs].map((content) => fields.map((field) => content[field]));
    if (same(here, there) || same(here, was)) continue;
    if (!same(there, was)) return null;
    for (const field of fields) Object.assign(merged, { [field]: mine[field] });
  }
  const markdown = mergeText(base.markdown, mine.markdown, theirs.markdown);
  return markdown === null ? null : { ...merged, markdown };
}

export function mergeText(base: string, mine: string, theirs: string): string | null {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  // A text field ends lines in its own way, which is no change.
  if (mine.includes("\r") !== theirs.includes("\r")) return mergeText(unixLines(base), unixLines(mine), unixLines(theirs));
  return merge(paragraphs(base), paragraphs(mine), paragraphs(theirs), (was, here, there) =>
    merge(words(was), words(here), words(there), () => null),
  );
}

const unixLines = (text: string) => text.replace(/\r\n?/g, "\n");

function merge(base: string[], mine: string[], theirs: string[], touching: (base: string, mine: string, theirs: string) => string | null): string | null {
  const { head, tail } = commonEnds(base, mine, theirs);
  const [was, here, there] = [base, mine, theirs].map((all) => all.slice(head, all.length - tail)) as [string[], string[], string[]];
  if (!comparable(was.length, here.length) || !comparable(was.length, there.length)) return null;
  const merged: string[] = [];
  for (const part of diff3Merge(here, was, there, { excludeFalseConflicts: true }) as Part[]) {
    const text = "ok" in part ? part.ok.join("") : touching(part.conflict.o.join(""), part.conflict.a.join(""), part.conflict.b.join(""));
    if (text === null) return null;
    merged.push(text);
  }
  return [...base.slice(0, head), ...merged, ...base.slice(base.length - tail)].join("");
}

/** Where a caret stands after the text around it was replaced by another. */
export function caretAfter(before: string, after: string, at: number): number {
  const shortest = Math.min(before.length, after.length);
  let head = 0;
  while (head < shortest && before[head] === after[head]) head++;
  if (at <= head) return at;
  let tail = 0;
  while (tail < shortest - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return before.length - at <= tail ? after.length - (before.length - at) : Math.min(at, after.length);
}
