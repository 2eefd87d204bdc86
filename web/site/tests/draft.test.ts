import assert from "node:assert/strict";
import { test } from "node:test";
import type { MyArticle } from "@blog/api";
import { limits, placeholder } from "@/lib/writing/content";
import type { JournalEntry } from "@/lib/writing/journal";
import { calmView } from "@/lib/writing/use-draft";
import { desk, loaded } from "./writing/world";

test("what is typed is on this device after a tenth of a second and on the server within two", async () => {
  const { clock, draft, journal, server, state } = desk();
  draft.change({ markdown: "h" });
  await clock.pass(100);
  assert.equal(journal.entries.get("k")?.content.markdown, "h");
  assert.equal(state(), "unsaved");
  await clock.pass(1_900);
  assert.equal(server.held?.content.markdown, "h");
  assert.equal(state(), "saved");
  assert.equal(journal.entries.size, 0);
});

test("somebody who never pauses is saved every two seconds all the same", async () => {
  const { clock, draft, server } = desk();
  for (let key = 1; key <= 20; key++) {
    draft.change({ markdown: "x".repeat(key) });
    await clock.pass(100);
  }
  assert.ok((server.held?.content.markdown.length ?? 0) > 0);
});

test("nothing typed makes no draft", async () => {
  const { clock, server, state } = desk();
  await clock.pass(60_000);
  assert.deepEqual(server.calls, []);
  assert.equal(state(), "fresh");
});

test("a first save whose answer was lost does not make a second draft", async () => {
  const { clock, draft, server, state } = desk();
  server.mood = "lostAnswer";
  draft.change({ markdown: "text" });
  await clock.pass(1_000);
  assert.equal(state(), "offline");
  draft.change({ markdown: "more text" });
  await clock.pass(5_000);
  assert.deepEqual(server.calls, ["create", "create", "save"]);
  assert.equal(server.keys.size, 1);
  assert.equal(server.held?.content.markdown, "more text");
  assert.equal(state(), "saved");
});

test("a later save whose answer was lost is recognised as one's own", async () => {
  const { clock, draft, server, state } = loaded();
  server.mood = "lostAnswer";
  draft.change({ markdown: "two" });
  await clock.pass(10_000);
  assert.equal(state(), "saved");
  assert.equal(server.held?.revision, 6);
});

test("offline, the text is kept here and goes out when the line is back", async () => {
  const { clock, draft, journal, server, state } = loaded();
  server.mood = "unreachable";
  draft.change({ markdown: "two" });
  await clock.pass(10_000);
  draft.change({ markdown: "three" });
  await clock.pass(200);
  assert.equal(state(), "offline");
  assert.equal(journal.entries.get("k")?.content.markdown, "three");
  server.mood = "done";
  await draft.retry();
  assert.equal(server.held?.content.markdown, "three");
  assert.equal(state(), "saved");
});

test("retries become rarer, but not rarer than every half minute", async () => {
  const { clock, draft, server } = loaded();
  server.mood = "unreachable";
  draft.change({ markdown: "two" });
  await clock.pass(62_800);
  const first = server.calls.length;
  assert.ok(first <= 6, `${first} calls in a minute`);
  await clock.pass(31_000);
  assert.ok(server.calls.length > first);
});

test("signed out, nothing is sent until somebody signs in, and nothing is lost", async () => {
  const { clock, draft, journal, server, state } = loaded();
  server.mood = "signedOut";
  draft.change({ markdown: "two" });
  await clock.pass(2_000);
  draft.change({ markdown: "three" });
  await clock.pass(60_000);
  assert.equal(state(), "signedOut");
  assert.deepEqual(server.calls, ["save"]);
  assert.equal(journal.entries.get("k")?.content.markdown, "three");

  const next = desk();
  next.server.held = server.held;
  next.draft.restore(journal.entries.get("k") as JournalEntry, server.held as MyArticle);
  await next.clock.pass(0);
  assert.equal(next.server.held?.content.markdown, "three");
});

test("a text that is too long is refused by name, kept, and saved once it fits", async () => {
  const { clock, draft, journal, server, state, text } = loaded();
  const long = "x".repeat(limits.markdownBytes + 1);
  draft.change({ markdown: long });
  await clock.pass(10_000);
  assert.equal(state(), "refused");
  assert.deepEqual(server.calls, []);
  assert.equal(text(), long);
  assert.equal(journal.entries.get("k")?.content.markdown.length, long.length);
  draft.change({ markdown: long.slice(0, -1) });
  await clock.pass(2_000);
  assert.equal(state(), "saved");
});

test("the limit counts bytes, not characters", async () => {
  const { clock, draft, state } = loaded();
  draft.change({ markdown: "語".repeat(Math.floor(limits.markdownBytes / 3) + 1) });
  await clock.pass(2_000);
  assert.equal(state(), "refused");
});

test("what the server refuses is said, kept, and tried again when it changes", async () => {
  const { clock, draft, server, state } = loaded();
  server.mood = "refused";
  draft.change({ title: "t".repeat(300) });
  await clock.pass(30_000);
  assert.equal(state(), "refused");
  assert.equal(server.calls.length, 1);
  server.mood = "done";
  draft.change({ title: "short" });
  await clock.pass(2_000);
  assert.equal(state(), "saved");
});

test("text typed while a save is under way is saved by the next one", async () => {
  const { clock, draft, server } = loaded();
  draft.change({ markdown: "two" });
  const saving = draft.flush();
  draft.change({ markdown: "three" });
  await saving;
  await clock.pass(2_000);
  assert.equal(server.held?.content.markdown, "three");
});

test("publishing saves first, so that readers get what the writer sees", async () => {
  const { draft, server } = loaded();
  draft.change({ markdown: "final" });
  const outcome = await draft.publish();
  assert.equal(outcome.kind, "done");
  assert.deepEqual(server.calls, ["save", "publish"]);
  assert.equal(server.held?.content.markdown, "final");
});

test("publishing a text that cannot be saved publishes nothing", async () => {
  const { draft, server } = loaded();
  server.mood = "unreachable";
  draft.change({ markdown: "final" });
  assert.equal((await draft.publish()).kind, "unreachable");
  assert.deepEqual(server.calls, ["save"]);
});

test("a deleted draft keeps its text, and can become a new one", async () => {
  const { clock, draft, server, state, text } = loaded();
  server.mood = "missing";
  draft.change({ markdown: "two" });
  await clock.pass(2_000);
  assert.equal(state(), "missing");
  server.mood = "done";
  await draft.saveAsNew("again");
  assert.equal(state(), "saved");
  assert.equal(server.held?.content.markdown, text());
});

test("a device that keeps nothing is said to", async () => {
  const { clock, draft, journal } = loaded();
  journal.broken = true;
  draft.change({ markdown: "two" });
  await clock.pass(150);
  assert.equal(draft.view().kept, false);
});

test("the stand-in for a picture under way is neither saved nor kept", async () => {
  const { clock, draft, journal, server } = loaded();
  server.mood = "unreachable";
  draft.change({ markdown: `before\n\n${placeholder("My [cat].png", 3)}\n\nafter` });
  await clock.pass(150);
  assert.equal(journal.entries.get("k")?.content.markdown, "before\n\n\nafter");
  server.mood = "done";
  await draft.retry();
  assert.equal(server.held?.content.markdown, "before\n\n\nafter");
});

test("somebody who never pauses is kept on this device all the same, within a quarter of a second", async () => {
  const { clock, draft, journal, server } = loaded();
  server.mood = "unreachable";
  for (let key = 1; key <= 40; key++) {
    draft.change({ markdown: "x".repeat(key) });
    await clock.pass(50);
    if (key > 5) assert.ok((journal.entries.get("k")?.content.markdown.length ?? 0) >= key - 5, `at key ${key}`);
  }
});

test("what is typed while a save is slow is sent within two seconds of being typed", async () => {
  const { clock, draft, server } = loaded();
  draft.change({ markdown: "first" });
  await clock.pass(799);
  const slow = server.save.bind(server);
  let release = () => {};
  server.save = async (...call) => {
    await new Promise<void>((resolve) => (release = resolve));
    return slow(...call);
  };
  await clock.pass(1);
  draft.change({ markdown: "second" });
  await clock.pass(1_500);
  server.save = slow;
  release();
  await clock.pass(500);
  assert.equal(server.held?.content.markdown, "second");
});

test("a device that is full forgets its older copy, so that it cannot bring back what was deleted since", async () => {
  const { clock, draft, journal, server } = loaded();
  server.mood = "unreachable";
  draft.change({ markdown: "one two" });
  await clock.pass(200);
  journal.broken = true;
  draft.change({ markdown: "one" });
  await clock.pass(200);
  assert.equal(draft.view().kept, false);
  assert.equal(journal.entries.size, 0);
  server.mood = "done";
  await draft.retry();
  assert.equal(server.held?.content.markdown, "one");
});

test("a device that never answers does not keep the text from being sent", async () => {
  const { clock, draft, journal, server } = loaded();
  journal.put = () => new Promise(() => undefined);
  draft.change({ markdown: "two" });
  await clock.pass(2_000);
  assert.equal(server.held?.content.markdown, "two");
});

test("keeping a version saves first, and says so", async () => {
  const { draft, server } = loaded();
  draft.change({ markdown: "two" });
  assert.equal(await draft.keepVersion(), true);
  assert.deepEqual(server.calls, ["save", "keep"]);
  const { state } = draft.view();
  assert.equal(state.kind === "saved" && state.asVersion, true);
});

test("what only shows the way to the text is not told of each key, and of everything else at once", async () => {
  const { clock, draft, server } = desk();
  const view = calmView(draft);
  draft.change({ markdown: "a", title: "Tides" });
  const typing = view();
  assert.equal(typing.content.title, "Tides");
  draft.change({ markdown: "ab" });
  draft.change({ markdown: "abc" });
  assert.equal(view(), typing);
  draft.change({ title: "High tides" });
  assert.equal(view().content.title, "High tides");
  assert.equal(view().content.markdown, "abc");
  await clock.pass(2_000);
  assert.equal(view().state.kind, "saved");
  assert.equal(view().article?.id, server.held?.id);
});
