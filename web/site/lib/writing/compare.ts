// Two versions of a text, paragraph by paragraph and, where a paragraph changed, word by word. The one place that compares: the choice between two
// versions needs it for text that no server has seen.
import { differences, paragraphs, words } from "./sequences";

export type Piece = { kind: "same" | "mine" | "theirs"; text: string };
export type Row =
  | { kind: "same"; text: string }
  | { kind: "changed"; mine: Piece[]; theirs: Piece[] }
  /** A paragraph that stands elsewhere on the other side; here it is as `side` has it. */
  | { kind: "moved"; side: "mine" | "theirs"; text: string };

/** Shorter ones are alike by chance. */
const shortestMoved = 12;

export function compare(mine: string, theirs: string): Row[] {
  const [one, other] = [blocks(mine), blocks(theirs)];
  const found = differences(one, other);
  const moved = movedBetween(found.flatMap(({ one: at }) => one.slice(at.start, at.end)), found.flatMap(({ other: at }) => other.slice(at.start, at.end)));
  const rows: Row[] = [];
  let at = 0;
  for (const difference of found) {
    rows.push(...one.slice(at, difference.one.start).map((text): Row => ({ kind: "same", text })));
    rows.push(...changed(one.slice(difference.one.start, difference.one.end), other.slice(difference.other.start, difference.other.end), moved));
    at = difference.one.end;
  }
  return [...rows, ...one.slice(at).map((text): Row => ({ kind: "same", text }))];
}

const blocks = (text: string) => paragraphs(text.replace(/\r\n?/g, "\n").trim()).map((paragraph) => paragraph.replace(/\n+$/, ""));

/** The paragraphs that went from one place to another: gone once here, come once there. */
function movedBetween(gone: readonly string[], come: readonly string[]): ReadonlySet<string> {
  const once = (all: readonly string[]) => new Set(all.filter((text) => text.length >= shortestMoved && all.indexOf(text) === all.lastIndexOf(text)));
  const arrived = once(come);
  return new Set([...once(gone)].filter((text) => arrived.has(text)));
}

/** One run of changed paragraphs; what moved out of it or into it stands by itself, and what stands between is compared in order. */
function changed(mine: readonly string[], theirs: readonly string[], moved: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const [here, there] = [runs(mine, moved), runs(theirs, moved)];
  while (here.length > 0 || there.length > 0) {
    const [left, right] = [here[0], there[0]];
    if (left && "moved" in left) rows.push({ kind: "moved", side: "mine", text: (here.shift() as typeof left).moved });
    else if (right && "moved" in right) rows.push({ kind: "moved", side: "theirs", text: (there.shift() as typeof right).moved });
    else {
      rows.push(wordByWord(left?.texts.join("\n\n") ?? "", right?.texts.join("\n\n") ?? ""));
      here.shift();
      there.shift();
    }
  }
  return rows;
}

/** What moved, each by itself, and the paragraphs between. */
function runs(texts: readonly string[], moved: ReadonlySet<string>): ({ texts: string[] } | { moved: string })[] {
  const parts: ({ texts: string[] } | { moved: string })[] = [];
  for (const text of texts) {
    const last = parts.at(-1);
    if (moved.has(text)) parts.push({ moved: text });
    else if (last && "texts" in last) last.texts.push(text);
    else parts.push({ texts: [text] });
  }
  return parts;
}

function wordByWord(mine: string, theirs: string): Row {
  const [one, other] = [words(mine), words(theirs)];
  const row: Row & { kind: "changed" } = { kind: "changed", mine: [], theirs: [] };
  const add = (side: "mine" | "theirs", kind: Piece["kind"], texts: readonly string[]) => {
    if (texts.length > 0) row[side].push({ kind, text: texts.join("") });
  };
  let [at, atOther] = [0, 0];
  const same = (end: number, endOther: number) => {
    add("mine", "same", one.slice(at, end));
    add("theirs", "same", other.slice(atOther, endOther));
  };
  // A word is the same whatever blanks follow it.
  for (const difference of differences(one.map(bare), other.map(bare))) {
    same(difference.one.start, difference.other.start);
    add("mine", "mine", one.slice(difference.one.start, difference.one.end));
    add("theirs", "theirs", other.slice(difference.other.start, difference.other.end));
    [at, atOther] = [difference.one.end, difference.other.end];
  }
  same(one.length, other.length);
  return row;
}

const bare = (word: string) => word.trimEnd();

/** Both sides of a changed row in one line of pieces, what went before what came. */
export function unified({ mine, theirs }: { mine: readonly Piece[]; theirs: readonly Piece[] }): Piece[] {
  const result: Piece[] = [];
  let at = 0;
  for (const piece of theirs) {
    while (mine[at]?.kind === "mine") result.push(mine[at++] as Piece);
    if (piece.kind === "same") at++;
    result.push(piece);
  }
  return [...result, ...mine.slice(at)];
}

/** Long stretches that are the same on both sides fold away, but for their ends. */
export function folded(rows: readonly Row[]): (Row | { hidden: string[] })[] {
  const result: (Row | { hidden: string[] })[] = [];
  for (let index = 0; index < rows.length; ) {
    let end = index;
    while (rows[end]?.kind === "same") end++;
    const run = rows.slice(index, end);
    if (run.length > 4) result.push(...run.slice(0, 1), { hidden: run.slice(1, -1).map((row) => (row.kind === "same" ? row.text : "")) }, ...run.slice(-1));
    else result.push(...run);
    const changed = rows[end];
    if (changed) result.push(changed);
    index = end + 1;
  }
  return result;
}
