import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf, groupByDay } from "@/lib/days";

const words = { today: "Today", yesterday: "Yesterday" };
const at = (visitedAt: string) => ({ visitedAt });

test("what happened is grouped by the reader's day, not by that of Greenwich", () => {
  const items = [at("2026-11-22T01:30:00Z"), at("2026-11-21T23:30:00Z"), at("2026-11-21T10:00:00Z")];
  assert.deepEqual(groupByDay(items, "UTC").map(({ day, items: of }) => [day, of.length]), [["2026-11-22", 1], ["2026-11-21", 2]]);
  assert.deepEqual(groupByDay(items, "America/New_York").map(({ day, items: of }) => [day, of.length]), [["2026-11-21", 3]]);
  assert.deepEqual(groupByDay(items, "Asia/Tokyo").map(({ day, items: of }) => [day, of.length]), [["2026-11-22", 2], ["2026-11-21", 1]]);
  assert.deepEqual(groupByDay([]), []);
});

test("days are called as people call them", () => {
  const now = Date.parse("2026-11-22T03:00:00Z");
  assert.equal(dayOf("2026-11-22", now, words, "UTC"), "Today");
  assert.equal(dayOf("2026-11-21", now, words, "UTC"), "Yesterday");
  assert.equal(dayOf("2026-11-21", now, words, "America/New_York"), "Today");
  // With or without a comma, as the language data of the day have it.
  assert.match(dayOf("2026-11-20", now, words, "UTC"), /^Friday,? 20 November$/);
  assert.match(dayOf("2025-01-01", now, words, "UTC"), /^Wednesday,? 1 January 2025$/);
});

test("yesterday is yesterday in the night the clocks change", () => {
  const now = Date.parse("2026-03-29T22:30:00Z"); // 30 March, half past midnight in Berlin
  assert.equal(dayOf("2026-03-29", now, words, "Europe/Berlin"), "Yesterday");
});
