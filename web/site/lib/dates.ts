// Dates as people say them: relative under a week, absolute after. Used by the server and by the page script, so both say the same.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;

const dateOnly = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const timeOnly = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** "2 hours ago", "yesterday", or "22 November 2026" from a week on and for anything in the future. */
export function spokenDate(instant: string, now: number): string {
  const then = Date.parse(instant);
  if (Number.isNaN(then)) return "";
  const age = now - then;
  if (age < -minute || age >= week) return dateOnly.format(then);
  if (age < minute) return "just now";
  if (age < hour) return relative.format(-Math.floor(age / minute), "minute");
  if (age < day) return relative.format(-Math.floor(age / hour), "hour");
  return relative.format(-Math.floor(age / day), "day");
}

/** "22 November 2026", where nothing keeps a relative date true. */
export const fullDate = (instant: string): string => dateOnly.format(Date.parse(instant));

/** "22 November 2026, 08:04 UTC", for the title of a spoken date. */
export function exactDate(instant: string): string {
  const then = Date.parse(instant);
  return Number.isNaN(then) ? "" : `${dateOnly.format(then)}, ${timeOnly.format(then)} UTC`;
}

/** "08:04" on the reader's own clock. */
export function clockTime(instant: number): string {
  return new Date(instant).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** "Monday 23 November 2026 at 09:00" on the reader's own clock. For the browser: the server has another clock. */
export function onOwnClock(instant: string): string {
  return new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(Date.parse(instant));
}

/** The reader's own time zone, and how far it is from UTC at that moment: "Europe/Berlin, GMT+1". */
export function ownZone(instant: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { timeZoneName: "shortOffset" });
  const offset = format.formatToParts(Date.parse(instant)).find(({ type }) => type === "timeZoneName")?.value;
  const zone = format.resolvedOptions().timeZone.replaceAll("_", " ");
  return zone === "UTC" || !offset ? zone : `${zone}, ${offset}`;
}

/** What a field of type datetime-local holds at that moment: "2026-11-23T09:00". `new Date` reads it back. */
export function localField(instant: number): string {
  return new Date(instant - new Date(instant).getTimezoneOffset() * minute).toISOString().slice(0, 16);
}

/** "March 2023". */
export function monthOf(instant: string): string {
  const then = Date.parse(instant);
  return Number.isNaN(then) ? "" : new Date(then).toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
}
