// One draft in several windows, on several devices, or changed by several people.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MyArticle } from "@blog/api";
import { emptyContent } from "@/lib/writing/content";
import type { Draft } from "@/lib/writing/draft";
import type { JournalEntry } from "@/lib/writing/journal";
import { takeIn } from "@/lib/writing/left-behind";
import { article, desk, loaded, type Server } from "./writing/world";

test("a change made elsewhere is shown beside one's own, and nothing is overwritten", async () => {
  const { clock, draft, server, text } = loaded();
  server.held = article({ markdown: "from the phone" }, 6);
  draft.change({ markdown: "from here" });
  await clock.pass(2_000);
  const { state } = draft.view();
  assert.equal(state.kind, "conflict");
  assert.equal(state.kind === "conflict" && state.theirs.content.markdown, "from the phone");
  assert.equal(text(), "from here");
  assert.equal(server.held.content.markdown, "from the phone");
  draft.change({ title: "more" });
  await clock.pass(60_000);
  assert.equal(server.held.content.markdown, "from the phone");
});

test("a conflict ends with mine, with theirs, or with both", async () => {
  for (const [choose, expected] of [
    [(draft: Draft) => draft.keepMine(), "mine"],
    [(draft: Draft) => draft.takeTheirs(), "theirs"],
    [(draft: Draft) => draft.keepBoth("\n---\n"), "mine\n---\ntheirs"],
  ] as const) {
    const { clock, draft, server, state, text } = loaded();
    server.held = article({ markdown: "theirs" }, 6);
    draft.change({ markdown: "mine" });
    await clock.pass(2_000);
    await choose(draft);
    await clock.pass(2_000);
    assert.equal(state(), "saved");
    assert.equal(text(), expected);
    assert.equal(server.held?.content.markdown, expected);
  }
});

test("a revision that moved without a change of the text is no conflict", async () => {
  const { clock, draft, server, state } = loaded("one");
  server.held = article({ markdown: "one" }, 6, { status: "published" });
  draft.change({ markdown: "two" });
  await clock.pass(5_000);
  assert.equal(state(), "saved");
  assert.equal(server.held.content.markdown, "two");
});

test("text kept by a closed window on an unchanged draft comes back and is saved", async () => {
  const { clock, draft, server, state, text } = desk();
  server.held = article({ markdown: "one" }, 5);
  draft.restore({ articleId: "a1", content: { ...emptyContent, markdown: "two" }, revision: 5, base: server.held.content, sent: null }, server.held);
  assert.equal(text(), "two");
  await clock.pass(2_000);
  assert.equal(server.held.content.markdown, "two");
  assert.equal(state(), "saved");
});

test("text kept by a closed window never goes over a newer one", async () => {
  const { clock, draft, server, state } = desk();
  server.held = article({ markdown: "newer" }, 6);
  draft.restore({ articleId: "a1", content: { ...emptyContent, markdown: "kept" }, revision: 5, base: { ...emptyContent, markdown: "old" }, sent: null }, server.held);
  await clock.pass(60_000);
  assert.equal(state(), "conflict");
  assert.equal(server.held.content.markdown, "newer");
});

test("text that did reach the server is not brought back as a change", () => {
  const { draft, server } = desk();
  server.held = article({ markdown: "same" }, 6);
  draft.restore({ articleId: "a1", content: { ...emptyContent, markdown: "same\r\n" }, revision: 5, base: null, sent: null }, server.held);
  assert.equal(draft.dirty, false);
});

test("a newer version replaces a text without changes of its own, and only such a one", () => {
  const { draft, text } = loaded("one");
  draft.refresh(article({ markdown: "newer" }, 6));
  assert.equal(text(), "newer");
  draft.change({ markdown: "mine" });
  draft.refresh(article({ markdown: "newest" }, 7));
  assert.equal(text(), "mine");
});

const three = "One is here.\n\nTwo is there.\n\nThree is elsewhere.";

/** What somebody else saves meanwhile. */
function changedElsewhere(server: Server, change: (markdown: string) => string): void {
  const held = server.held as MyArticle;
  server.held = { ...held, content: { ...held.content, markdown: change(held.content.markdown) }, revision: held.revision + 1 };
}

test("changes that do not touch are put together without asking", async () => {
  const { clock, draft, server, state, text } = loaded(three);
  const replaced = draft.view().replaced;
  changedElsewhere(server, (markdown) => markdown.replace("Three", "3"));
  draft.change({ markdown: three.replace("One", "1") });
  await clock.pass(2_000);
  assert.equal(state(), "saved");
  assert.equal(text(), "1 is here.\n\nTwo is there.\n\n3 is elsewhere.");
  assert.equal(server.held?.content.markdown, text());
  assert.equal(draft.view().replaced, replaced + 1);
});

test("what was deleted here stays deleted when somebody else changed another part", async () => {
  const { clock, draft, server } = loaded(three);
  changedElsewhere(server, (markdown) => markdown.replace("Three", "3"));
  draft.change({ markdown: "Two is there.\n\nThree is elsewhere." });
  await clock.pass(2_000);
  assert.equal(server.held?.content.markdown, "Two is there.\n\n3 is elsewhere.");
});

test("text that was sent without an answer, changed elsewhere and deleted here does not come back", async () => {
  const { clock, draft, server, state, text } = loaded(three);
  server.mood = "lostAnswer";
  draft.change({ markdown: `Foo. ${three}` });
  await clock.pass(900);
  assert.equal(state(), "offline");
  // The server has “Foo.”, somebody else goes on from there, and here it is deleted again.
  changedElsewhere(server, (markdown) => markdown.replace("Three", "3"));
  draft.change({ markdown: three });
  await clock.pass(10_000);
  assert.equal(state(), "saved");
  assert.equal(text(), three.replace("Three", "3"));
  assert.equal(server.held?.content.markdown, text());
});

test("after a crash, text that the server had and somebody deleted there does not come back", async () => {
  const first = loaded(three);
  first.server.mood = "lostAnswer";
  first.draft.change({ markdown: `Foo. ${three}` });
  await first.clock.pass(900);
  const entry = first.journal.entries.get("k") as JournalEntry;
  assert.equal(entry.sent?.content.markdown, `Foo. ${three}`);
  changedElsewhere(first.server, () => three.replace("Three", "3"));

  const next = desk();
  next.server.held = first.server.held;
  next.server.answers = first.server.answers;
  next.draft.restore(entry, first.server.held as MyArticle);
  await next.clock.pass(10_000);
  assert.equal(next.state(), "saved");
  assert.equal(next.text(), three.replace("Three", "3"));
});

test("what two closed windows kept is put together", async () => {
  const { clock, draft, server, text } = desk();
  server.held = article({ markdown: three }, 5);
  const kept = (markdown: string) => ({ articleId: "a1", content: { ...emptyContent, markdown }, revision: 5, base: { ...emptyContent, markdown: three }, sent: null });
  draft.restore(kept(three.replace("One", "1")), server.held);
  assert.equal(draft.absorb(kept(three.replace("Three", "3"))), true);
  assert.equal(draft.absorb(kept(three.replace("One", "Eins"))), false);
  await clock.pass(2_000);
  assert.equal(text(), three.replace("One", "1").replace("Three", "3"));
  assert.equal(server.held.content.markdown, text());
});

test("what two windows left behind with an answer missing is all there when one of them opens again", async () => {
  const { clock, draft, journal, server, text, state } = desk();
  const base = article({ markdown: three }, 5);
  server.held = base;
  const left = (key: string, change: string, at: number): JournalEntry => {
    const content = { ...base.content, markdown: change };
    return { key, articleId: "a1", owner: "ada", content, revision: 5, base: base.content, sent: { key: `sent-${key}`, content: base.content, revision: 5 }, idempotencyKey: "once", at };
  };
  const [one, two] = [left("w1", three.replace("One", "1"), 2), left("w2", three.replace("Three", "3"), 1)];
  for (const entry of [one, two]) await journal.put(entry);
  const held: string[] = [];
  await takeIn(draft, { newest: one, older: [two] }, base, journal, (key) => (held.push(key), () => void held.splice(held.indexOf(key), 1)));
  assert.deepEqual([[...journal.entries.keys()], held], [["w2", "k"], ["w2"]]);
  await clock.pass(10_000);
  assert.equal(state(), "saved");
  assert.equal(text(), "1 is here.\n\nTwo is there.\n\n3 is elsewhere.");
  assert.equal(server.held?.content.markdown, text());
  assert.deepEqual([[...journal.entries.keys()], held], [[], []]);
});
