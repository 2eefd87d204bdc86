import type { Node } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";

/** The part of the new document that a transaction wrote; where it wrote nothing, `from` is behind `to`. */
export function changedPart(tr: Transaction): { from: number; to: number } {
  let [from, to] = [tr.doc.content.size, 0];
  tr.mapping.maps.forEach((map, index) =>
    map.forEach((_start, _end, start, end) => {
      const later = tr.mapping.slice(index + 1);
      from = Math.min(from, later.map(start, -1));
      to = Math.max(to, later.map(end, 1));
    }),
  );
  return { from, to };
}

/** The part of a document that another before it had not; where there is none, `from` is behind `to`. Blocks that are the same object cost a comparison. */
export function differentPart(before: Node, now: Node): { from: number; to: number } {
  const from = now.content.findDiffStart(before.content);
  const end = now.content.findDiffEnd(before.content);
  return from === null || !end ? { from: now.content.size, to: 0 } : { from, to: Math.max(from, end.a) };
}
