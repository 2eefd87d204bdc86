// A passage named by its words and what stands around them, by the same rules as Blog.Anchoring/TextSelector.cs;
// tests/vectors/highlights/selectors.json checks both.
import type { PassageSelector } from "@blog/api";
import type { Passage } from "./text";

/** How much of the surroundings a selector keeps on each side. */
const context = 48;

const isLow = (text: string, at: number) => /[\udc00-\udfff]/.test(text[at] ?? "");

/** How many code points there are before a position in UTF-16 units. */
const toCodePoints = (text: string, units: number) => [...text.slice(0, units)].length;

function toUnits(text: string, codePoints: number): number {
  let at = 0;
  for (; codePoints > 0 && at < text.length; codePoints--) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

export function selectorOf(text: string, { start, end }: Passage): PassageSelector {
  let from = Math.max(0, start - context);
  if (from > 0 && isLow(text, from)) from++;
  let to = Math.min(text.length, end + context);
  if (to < text.length && isLow(text, to)) to--;
  return { exact: text.slice(start, end), prefix: text.slice(from, start), suffix: text.slice(end, to), start: toCodePoints(text, start) };
}

const fold = (text: string) => text.replaceAll("\n", " ");

/** Where the passage is; undefined when it is not there, or when it cannot be told which of several it is. */
export function find(text: string, selector: PassageSelector): Passage | undefined {
  const exact = fold(selector.exact);
  if (!exact) return undefined;
  const folded = fold(text);
  const [prefix, suffix] = [fold(selector.prefix ?? ""), fold(selector.suffix ?? "")];
  const hinted = toUnits(text, selector.start ?? 0);
  const wanted = prefix.length + suffix.length;
  const likely: number[] = [];
  for (let at = folded.indexOf(exact); at >= 0; at = folded.indexOf(exact, at + 1)) {
    const found = before(folded, at, prefix) + after(folded, at + exact.length, suffix);
    if (found === wanted && at === hinted) return { start: at, end: at + exact.length };
    if (found * 2 >= wanted) likely.push(at);
  }
  const [only] = likely;
  return likely.length === 1 && only !== undefined ? { start: only, end: only + exact.length } : undefined;
}

function before(text: string, at: number, prefix: string): number {
  let same = 0;
  while (same < prefix.length && same < at && text[at - 1 - same] === prefix[prefix.length - 1 - same]) same++;
  return same;
}

function after(text: string, at: number, suffix: string): number {
  let same = 0;
  while (same < suffix.length && text[at + same] === suffix[same]) same++;
  return same;
}

/** A link that scrolls to the words by itself (URL Fragment Text Directives): the first and last words of a long passage, all of a short one. */
export function textFragment(exact: string): string {
  const encode = (words: string) => encodeURIComponent(words).replaceAll("-", "%2D");
  const lines = exact.split("\n");
  const words = exact.split(/\s+/);
  if (lines.length === 1 && exact.length <= 120) return `#:~:text=${encode(exact)}`;
  const first = (lines[0] ?? "").split(" ").slice(0, 6).join(" ");
  const last = (lines.at(-1) ?? "").split(" ").slice(-6).join(" ");
  return `#:~:text=${encode(words.length > 12 || lines.length > 1 ? first : exact)},${encode(last)}`;
}
