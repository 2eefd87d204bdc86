import assert from "node:assert/strict";
import { test } from "node:test";
import type { MyArticle } from "@blog/api";
import { emptyContent, limits, placeholder, type Content } from "@/lib/writing/content";
import { Draft, type Clock, type DraftApi, type Outcome } from "@/lib/writing/draft";
import type { Journal, JournalEntry } from "@/lib/writing/journal";

/** A clock that moves when told, and lets every promise settle in between. */
class HandClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; action: () => void }[] = [];

  now = () => this.#now;

  after = (milliseconds: number, action: () => void) => {
    const timer = { at: this.#now + milliseconds, action };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((one) => one !== timer));
  };

  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

const article = (content: Partial<Content>, revision: number, patch: Partial<MyArticle> = {}): MyArticle => ({
  id: "a1",
  authorIds: ["p1"],
  status: "draft",
  content: { ...emptyContent, ...content },
  revision,
  url: null,
  createdAt: "2026-11-22T10:00:00Z",
  updatedAt: "2026-11-22T10:00:00Z",
  firstPublishedAt: null,
  hasUnpublishedChanges: false,
  wordCount: 0,
  ...patch,
});

/** A server with one article and a rule about revisions; `mood` decides what it answers instead. */
class Server implements DraftApi {
  held: MyArticle | undefined;
  mood: Outcome["kind"] | "lostAnswer" = "done";
  calls: string[] = [];
  keys = new Set<string>();
  answers = new Map<string, MyArticle>();

  async create(idempotencyKey: string): Promise<Outcome> {
    this.calls.push("create");
    if (this.mood !== "done" && this.mood !== "lostAnswer") return this.#moody();
    if (!this.keys.has(idempotencyKey)) this.held = article({}, 1);
    this.keys.add(idempotencyKey);
    return this.#answer();
  }

  async save(_: string, content: Content, revision: number, key: string): Promise<Outcome> {
    this.calls.push("save");
    if (this.mood !== "done" && this.mood !== "lostAnswer") return this.#moody();
    const before = this.answers.get(key);
    if (before) return { kind: "done", article: { ...before, content: this.held?.content ?? before.content } };
    if (this.held?.revision !== revision) return { kind: "conflict", current: this.held ?? null };
    this.held = { ...this.held, content, revision: revision + 1 };
    this.answers.set(key, this.held);
    return this.#answer();
  }

  keep = async (_: string, revision: number) => {
    this.calls.push("keep");
    return this.held?.revision === revision;
  };

  async publish(_: string, revision: number): Promise<Outcome> {
    this.calls.push("publish");
    if (this.held?.revision !== revision) return { kind: "conflict", current: this.held ?? null };
    this.held = { ...this.held, status: "published", url: "/@ada/x", revision: revision + 1 };
    return this.#answer();
  }

  unpublish = () => Promise.resolve<Outcome>({ kind: "unreachable" });

  #answer(): Outcome {
    if (this.mood === "lostAnswer" || !this.held) {
      this.mood = "done";
      return { kind: "unreachable" };
    }
    return { kind: "done", article: this.held };
  }

  #moody(): Outcome {
    if (this.mood === "refused") return { kind: "refused", refusal: { detail: "No.", fields: { title: "Too long." } } };
    return { kind: this.mood as "signedOut" | "missing" | "unreachable" };
  }
}

class Notebook implements Journal {
  entries = new Map<string, JournalEntry>();
  broken = false;
  put = async (entry: JournalEntry) => {
    if (this.broken) throw new Error("full");
    this.entries.set(entry.key, entry);
  };
  remove = async (key: string) => void this.entries.delete(key);
  all = async () => [...this.entries.values()];
}

function desk() {
  const [clock, server, journal] = [new HandClock(), new Server(), new Notebook()];
  const draft = new Draft({
    key: "k",
    owner: "ada",
    api: server,
    journal,
    clock,
    idempotencyKey: "once",
    newKey: () => crypto.randomUUID(),
    tooLong: (bytes) => ({ detail: `${bytes} bytes`, fields: {} }),
  });
  const state = () => draft.view().state.kind;
  return { clock, server, journal, draft, state, text: () => draft.view().content.markdown };
}

function loaded(markdown = "one") {
  const all = desk();
  all.server.held = article({ markdown }, 5);
  all.draft.load(all.server.held);
  return all;
}

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

const three = "One is here.\n\nTwo is there.\n\nThree is elsewhere.";

/** What somebody else saves meanwhile. */
function changedElsewhere(server: Server, change: (markdown: string) => string): void {
  const held = server.held as MyArticle;
  server.held = { ...held, content: { ...held.content, markdown: change(held.content.markdown) }, revision: held.revision + 1 };
}

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

test("keeping a version saves first, and says so", async () => {
  const { draft, server } = loaded();
  draft.change({ markdown: "two" });
  assert.equal(await draft.keepVersion(), true);
  assert.deepEqual(server.calls, ["save", "keep"]);
  const { state } = draft.view();
  assert.equal(state.kind === "saved" && state.asVersion, true);
});
