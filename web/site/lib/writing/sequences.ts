// Texts as sequences, and what differs between two of them. A paragraph holds the blank lines after it and a word the blanks after it, so that a
// sequence put together again is the text to the letter.
import { diffIndices } from "node-diff3";

/** Steps of a comparison that a page has time for; beyond, the middle counts as one change. */
const most = 200_000_000;

/** Blocks divided by blank lines. */
export const paragraphs = (text: string): string[] => text.match(/[^]+?(?:(?:\r?\n){2,}|$)/g) ?? [];

/** Words as written between blanks; where writing has no blanks between words, characters. */
export const words = (text: string): string[] =>
  text.match(/^\s+|(?:[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]|[^\s\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]+)\s*/gu) ?? [];

/** Whether sequences of these lengths can be compared while somebody waits. */
export const comparable = (one: number, other: number): boolean => one * other <= most;

/** How many items all of these begin and end with alike. */
export function commonEnds(first: readonly string[], ...others: readonly (readonly string[])[]): { head: number; tail: number } {
  const shortest = Math.min(first.length, ...others.map(({ length }) => length));
  let head = 0;
  while (head < shortest && others.every((other) => other[head] === first[head])) head++;
  let tail = 0;
  while (tail < shortest - head && others.every((other) => other[other.length - 1 - tail] === first[first.length - 1 - tail])) tail++;
  return { head, tail };
}

export interface Difference {
  one: { start: number; end: number };
  other: { start: number; end: number };
}

/** Where two sequences differ, in order; everything between is the same in both. */
export function differences(one: readonly string[], other: readonly string[]): Difference[] {
  const { head, tail } = commonEnds(one, other);
  const [a, b] = [one.slice(head, one.length - tail), other.slice(head, other.length - tail)];
  if (a.length === 0 && b.length === 0) return [];
  if (!comparable(a.length, b.length)) return [{ one: { start: head, end: head + a.length }, other: { start: head, end: head + b.length } }];
  return diffIndices(a, b).map(({ buffer1, buffer2 }) => {
    const [[start = 0, length = 0], [otherStart = 0, otherLength = 0]] = [buffer1 as number[], buffer2 as number[]];
    return { one: { start: head + start, end: head + start + length }, other: { start: head + otherStart, end: head + otherStart + otherLength } };
  });
}
