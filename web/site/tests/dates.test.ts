import assert from "node:assert/strict";
import { test } from "node:test";
import { exactDate, localField, monthOf, spokenDate } from "@/lib/dates";

const now = Date.parse("2026-11-22T10:04:00Z");
const before = (milliseconds: number) => spokenDate(new Date(now - milliseconds).toISOString(), now);
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

test("a date under a week is relative", () => {
  assert.equal(before(20_000), "just now");
  assert.equal(before(minute), "1 minute ago");
  assert.equal(before(59 * minute), "59 minutes ago");
  assert.equal(before(2 * hour), "2 hours ago");
  assert.equal(before(day), "yesterday");
  assert.equal(before(7 * day - 1), "6 days ago");
});

test("a date from a week on is absolute, and so is one in the future", () => {
  assert.equal(before(7 * day), "15 November 2026");
  assert.equal(spokenDate("2027-01-02T00:00:00Z", now), "2 January 2027");
});

test("a clock that is a few seconds ahead does not make a story come from the future", () => {
  assert.equal(spokenDate(new Date(now + 5_000).toISOString(), now), "just now");
});

test("the exact time names its zone", () => {
  assert.equal(exactDate("2026-11-22T08:04:59Z"), "22 November 2026, 08:04 UTC");
  assert.equal(monthOf("2023-03-31T23:59:00Z"), "March 2023");
});

test("what is no date says nothing", () => {
  assert.equal(spokenDate("", now), "");
  assert.equal(exactDate("yesterday"), "");
});

test("a field for a local time reads back as the same minute, also around a change of the clocks", () => {
  for (const instant of ["2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z", "2026-10-24T23:30:00Z", "2026-11-22T10:04:00Z"]) {
    const field = localField(Date.parse(instant));
    assert.match(field, /^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
    assert.equal(new Date(field).toISOString(), instant.replace("Z", ".000Z"));
  }
});
