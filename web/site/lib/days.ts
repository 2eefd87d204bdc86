// Days as the reader lives them: by the clock and the time zone of their device.

const keyOf = (instant: number, timeZone?: string): string => new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone }).format(instant);

/** What happened on the same day, in the order it comes; a day is "2026-11-22". */
export function groupByDay<T extends { visitedAt: string }>(items: readonly T[], timeZone?: string): { day: string; items: T[] }[] {
  const days: { day: string; items: T[] }[] = [];
  for (const item of items) {
    const day = keyOf(Date.parse(item.visitedAt), timeZone);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}

/** "Today", "Yesterday", "Friday, 20 November", with the year when it is another. */
export function dayOf(day: string, now: number, words: { today: string; yesterday: string }, timeZone?: string): string {
  const today = keyOf(now, timeZone);
  if (day === today) return words.today;
  // Noon, so that a change of the clocks does not reach the day before.
  const noon = Date.parse(`${today}T12:00:00Z`);
  if (day === keyOf(noon - 24 * 60 * 60 * 1000, "UTC")) return words.yesterday;
  const year = day.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric";
  return new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year, timeZone: "UTC" }).format(Date.parse(`${day}T12:00:00Z`));
}
