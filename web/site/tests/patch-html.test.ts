import assert from "node:assert/strict";
import { test } from "node:test";
import { changedRun } from "@/lib/writing/patch-html";

test("only the blocks that differ are replaced", () => {
  assert.deepEqual(changedRun(["a", "b", "c"], ["a", "x", "c"]), { from: 1, left: 1, right: 1 });
  assert.deepEqual(changedRun(["a", "c"], ["a", "b", "c"]), { from: 1, left: 0, right: 1 });
  assert.deepEqual(changedRun(["a", "b", "c"], ["a", "c"]), { from: 1, left: 1, right: 0 });
  assert.deepEqual(changedRun([], ["a"]), { from: 0, left: 0, right: 1 });
  assert.deepEqual(changedRun(["a"], []), { from: 0, left: 1, right: 0 });
});

test("equal blocks are told apart by their place", () => {
  assert.deepEqual(changedRun(["a", "a"], ["a", "a", "a"]), { from: 2, left: 0, right: 1 });
  assert.deepEqual(changedRun(["a", "a", "a"], ["a"]), { from: 1, left: 2, right: 0 });
  assert.deepEqual(changedRun(["a", "b"], ["a", "b"]), { from: 2, left: 0, right: 0 });
});
