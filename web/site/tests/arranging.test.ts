import assert from "node:assert/strict";
import { test } from "node:test";
import { placeUnder, put } from "../lib/arranging";

test("one thing goes to another place and the rest keep their order", () => {
  assert.deepEqual(put(["a", "b", "c"], "a", 2), ["b", "c", "a"]);
  assert.deepEqual(put(["a", "b", "c"], "c", 0), ["c", "a", "b"]);
  assert.deepEqual(put(["a", "b"], "z", 0), ["a", "b"]);
});

test("a dragged row takes another's place past its middle only", () => {
  const rows = [{ top: 0, bottom: 40 }, { top: 40, bottom: 100 }];
  assert.equal(placeUnder(rows, 0, 60), undefined);
  assert.equal(placeUnder(rows, 0, 80), 1);
  assert.equal(placeUnder(rows, 1, 30), undefined);
  assert.equal(placeUnder(rows, 1, 10), 0);
  assert.equal(placeUnder(rows, 0, 200), undefined);
});
