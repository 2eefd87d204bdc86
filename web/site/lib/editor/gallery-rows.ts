// How the pictures of a gallery stand in rows of one height, by the rules of the server (services/Content/Text/GalleryRows.cs, which says why).

const [narrowest, widest] = [-16, 24];
/** Rows are about so many times as wide as they are high. */
const wanted = 3;
const mostInRow = 5;
const alike = 1e-9;

/** The shape of a picture in twelfths of a doubling: 12 is twice as wide as high, 0 a square. */
export const shapeOf = (width: number, height: number): number => Math.min(widest, Math.max(narrowest, Math.floor(12 * Math.log2(width / height) + 0.5)));

/** Width by height of a shape. */
export const ratioOf = (shape: number): number => 2 ** (shape / 12);

/** How many pictures each row has. */
export function rowsOf(shapes: readonly number[]): number[] {
  const ratios = shapes.map(ratioOf);
  const least = [0];
  const rowTo = [0];
  for (let end = 1; end <= ratios.length; end++) {
    least[end] = Infinity;
    for (let start = Math.max(0, end - mostInRow); start < end; start++) {
      const sum = ratios.slice(start, end).reduce((all, ratio) => all + ratio, 0);
      const cost = (least[start] as number) + Math.log(sum / wanted) ** 2;
      if (cost >= (least[end] as number) - alike) continue;
      least[end] = cost;
      rowTo[end] = start;
    }
  }
  const rows: number[] = [];
  for (let end = ratios.length; end > 0; end = rowTo[end] as number) rows.unshift(end - (rowTo[end] as number));
  return rows;
}

/** The part of its row's width that each picture takes; 1 is the whole row. */
export function sharesOf(shapes: readonly number[]): number[] {
  let first = 0;
  return rowsOf(shapes).flatMap((count) => {
    const row = shapes.slice(first, first + count).map(ratioOf);
    first += count;
    const all = row.reduce((sum, ratio) => sum + ratio, 0);
    return row.map((ratio) => ratio / all);
  });
}
