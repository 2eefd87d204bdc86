// Two versions of a text, paragraph by paragraph and, where a paragraph changed, word by word.

export type Piece = { kind: "same" | "mine" | "theirs"; text: string };
export type Row = { kind: "same"; text: string } | { kind: "changed"; mine: Piece[]; theirs: Piece[] };

const most = 2_000;

/** The longest common subsequence as pairs of indexes; beyond the size that fits in memory, common ends only. */
function common<T>(one: readonly T[], other: readonly T[]): [number, number][] {
  let head = 0;
  while (head < one.length && head < other.length && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < one.length - head && tail < other.length - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail++;
  const rows = one.length - head - tail;
  const columns = other.length - head - tail;
  const pairs: [number, number][] = Array.from({ length: head }, (_, index) => [index, index]);
  if (rows > 0 && columns > 0 && rows <= most && columns <= most) {
    const width = columns + 1;
    const lengths = new Uint16Array((rows + 1) * width);
    const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
    for (let row = rows - 1; row >= 0; row--)
      for (let column = columns - 1; column >= 0; column--)
        lengths[row * width + column] =
          one[head + row] === other[head + column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    for (let row = 0, column = 0; row < rows && column < columns; ) {
      if (one[head + row] === other[head + column]) pairs.push([head + row++, head + column++]);
      else if (at(row + 1, column) >= at(row, column + 1)) row++;
      else column++;
    }
  }
  for (let index = tail; index > 0; index--) pairs.push([one.length - index, other.length - index]);
  return pairs;
}

/** The runs between common items, in order. */
function runs<T>(one: readonly T[], other: readonly T[]): { mine: T[]; theirs: T[]; same: T[] }[] {
  const result: { mine: T[]; theirs: T[]; same: T[] }[] = [];
  let atOne = 0;
  let atOther = 0;
  for (const [first, second] of [...common(one, other), [one.length, other.length] as [number, number]]) {
    if (first > atOne || second > atOther) result.push({ mine: one.slice(atOne, first), theirs: other.slice(atOther, second), same: [] });
    if (first < one.length) result.push({ mine: [], theirs: [], same: [one[first] as T] });
    atOne = first + 1;
    atOther = second + 1;
  }
  return result;
}

const paragraphs = (text: string) => text.replace(/\r\n?/g, "\n").trim().split(/\n{2,}/);
const words = (text: string) => text.match(/\S+\s*/g) ?? [];

function merged(pieces: Piece[]): Piece[] {
  return pieces.reduce<Piece[]>((result, piece) => {
    const last = result.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else if (piece.text) result.push({ ...piece });
    return result;
  }, []);
}

export function compare(mine: string, theirs: string): Row[] {
  return runs(paragraphs(mine), paragraphs(theirs)).map((run): Row => {
    const [same] = run.same;
    if (same !== undefined) return { kind: "same", text: same };
    const parts = runs(words(run.mine.join("\n\n")), words(run.theirs.join("\n\n")));
    const pieces = (kind: "mine" | "theirs") =>
      merged(parts.map((part): Piece => (part.same.length > 0 ? { kind: "same", text: part.same.join("") } : { kind, text: part[kind].join("") })));
    return { kind: "changed", mine: pieces("mine"), theirs: pieces("theirs") };
  });
}
