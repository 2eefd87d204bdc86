// Putting rows in another order.

/** The order with one thing at another place; the same order when it is not there. */
export function put<T>(order: readonly T[], thing: T, to: number): T[] {
  if (!order.includes(thing)) return [...order];
  const rest = order.filter((each) => each !== thing);
  return [...rest.slice(0, to), thing, ...rest.slice(to)];
}

/** Where a row is dragged to: past the middle of another one, so that rows of different height do not swap back and forth; undefined: it stays. */
export function placeUnder(rows: readonly { top: number; bottom: number }[], now: number, y: number): number | undefined {
  const over = rows.findIndex(({ top, bottom }) => y >= top && y < bottom);
  const row = rows[over];
  if (!row || over === now) return undefined;
  const middle = (row.top + row.bottom) / 2;
  return over > now ? (y < middle ? undefined : over) : y > middle ? undefined : over;
}
