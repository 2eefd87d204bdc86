import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { emptyContent } from "@/lib/writing/content";
import { leftBehind, openJournal, type JournalEntry } from "@/lib/writing/journal";

const entry = (patch: Partial<JournalEntry>): JournalEntry => ({
  key: "k",
  articleId: null,
  owner: "ada",
  content: { ...emptyContent, markdown: "text" },
  revision: 0,
  base: null,
  sent: null,
  idempotencyKey: "i",
  at: 1,
  ...patch,
});

test("what was put is there after the window closed, until it is removed", async () => {
  const factory = new IDBFactory();
  await openJournal(factory).put(entry({ content: { ...emptyContent, markdown: "words" } }));

  const reopened = openJournal(factory);
  assert.equal((await reopened.all())[0]?.content.markdown, "words");
  await reopened.remove("k");
  assert.deepEqual(await reopened.all(), []);
});

test("what the server had and what was sent come back to the letter beside what was typed since", async () => {
  const texts = ["", "a", "aa", "aaa", "tide", "the tide came in", "the slow tide came in", "in", "😀 tide", "😁 tide", "tide 😀", "\ud83d", "x".repeat(5_000), `${"x".repeat(2_000)}y${"x".repeat(3_000)}`];
  const journal = openJournal(new IDBFactory());
  for (const mine of texts)
    for (const other of texts) {
      const written = entry({
        content: { ...emptyContent, markdown: mine },
        base: { ...emptyContent, title: "was", markdown: other },
        sent: { key: "s", revision: 3, content: { ...emptyContent, title: "is", markdown: other } },
      });
      await journal.put(written);
      assert.deepEqual(await journal.all(), [written]);
    }
});

test("what an earlier version of the site kept in full is read", async () => {
  const factory = new IDBFactory();
  const journal = openJournal(factory);
  await journal.put(entry({}));
  const old = entry({ base: { ...emptyContent, markdown: "text before" }, sent: { key: "s", revision: 1, content: { ...emptyContent, markdown: "text sent" } } });
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = factory.open("blog");
    request.onsuccess = () => resolve(request.result);
  });
  database.transaction("drafts", "readwrite").objectStore("drafts").put(old);
  assert.deepEqual(await journal.all(), [old]);
});

test("an editor has one entry, the latest", async () => {
  const journal = openJournal(new IDBFactory());
  await journal.put(entry({ at: 1 }));
  await journal.put(entry({ at: 2 }));
  assert.deepEqual((await journal.all()).map(({ at }) => at), [2]);
});

test("the newest text left behind is found, and the older ones with it", () => {
  const entries = [entry({ key: "old", at: 1 }), entry({ key: "new", at: 3 }), entry({ key: "other", articleId: "x", at: 9 })];
  const { newest, older } = leftBehind(entries, null, "ada", new Set());
  assert.equal(newest?.key, "new");
  assert.deepEqual(older.map(({ key }) => key), ["old"]);
});

test("the text of an editor that is still open is its own", () => {
  assert.equal(leftBehind([entry({ key: "open" })], null, "ada", new Set(["open"])).newest, undefined);
});

test("nobody gets to see the text of another person on the same device", () => {
  assert.equal(leftBehind([entry({ owner: "ada" })], null, "bob", new Set()).newest, undefined);
});
