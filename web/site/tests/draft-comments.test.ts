import assert from "node:assert/strict";
import { test } from "node:test";
import type { DraftComment } from "@blog/api";
import { inShort, threadsOf } from "../lib/draft-comments";

const comment = (id: string, given: Partial<DraftComment> = {}): DraftComment => ({
  id, linkId: "l", parentId: null, person: null, name: "Grace", text: id, passage: null, place: null, quote: null, createdAt: `2026-01-01T00:00:0${id.length}Z`, resolvedAt: null, byAuthor: false, ...given,
});
const at = (start: number) => ({ passage: { exact: "x", prefix: "", suffix: "", start }, place: "anchored" as const });

test("comments stand in the order of the text, then what lost its words, then what is about the whole", () => {
  const threads = threadsOf([comment("whole"), comment("lost", { ...at(1), place: "detached" }), comment("late", at(90)), comment("early", at(5)), comment("answer", { parentId: "late" })]);
  assert.deepEqual(threads.map(({ comment: { id }, answers }) => [id, answers.map((each) => each.id)]), [["early", []], ["late", ["answer"]], ["lost", []], ["whole", []]]);
});

test("a long quote is cut for a label, a short one is not", () => {
  assert.equal(inShort("short"), "short");
  assert.equal(inShort("x".repeat(200)).length, 80);
});
