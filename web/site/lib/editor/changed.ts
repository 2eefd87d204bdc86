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
