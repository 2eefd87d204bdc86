import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { canWait, fateOf, outdatedBy } from "@/lib/offline/actions";
import { aboutPage, partsOf, pictureOf } from "@/lib/offline/parts";
import { openStore, type WaitingAction } from "@/lib/offline/store";
import { thisBrowser } from "@/lib/push";
import { addressOf } from "@/lib/offline/payload";

const id = "0193bbbb-0000-7000-8000-000000000001";
const other = "0193bbbb-0000-7000-8000-000000000002";

const action = (patch: Partial<WaitingAction>): WaitingAction => ({
  person: "ada",
  method: "PUT",
  path: "/api/v1/me/claps/a",
  contentType: "application/json",
  body: '{"count":3}',
  key: "k",
  at: 1,
  ...patch,
});

test("a page is kept with its files and each picture once, not wider than it needs to be", () => {
  const parts = partsOf(`
    <script src="/assets/page.A.js" defer></script><link rel="stylesheet" href="/assets/site.B.css"/><link rel="preload" href="/assets/serif.C.woff2" as="font"/>
    <img src="/images/${id}/1920" srcset="/images/${id}/384 384w, /images/${id}/1200 1200w, /images/${id}/1920 1920w"/>
    <meta property="og:image" content="http://x/media/${id}"/><img src="/media/${other}"/>`);
  assert.deepEqual(parts.assets, ["/assets/page.A.js", "/assets/site.B.css", "/assets/serif.C.woff2"]);
  assert.deepEqual(parts.pictures, [`/images/${id}/1200`, `/media/${other}`]);
});

test("a picture that exists only wider is kept as narrow as there is", () => {
  assert.deepEqual(partsOf(`<img src="/images/${id}/1920">`).pictures, [`/images/${id}/1920`]);
});

test("every width of a picture is the same picture", () => {
  assert.equal(pictureOf(`/images/${id}/384`), id);
  assert.equal(pictureOf(`/media/${id}`), id);
  assert.equal(pictureOf("/images/x/384"), undefined);
});

test("title and author are read as they were written", () => {
  const html = '<meta property="og:title" content="Tom &amp; &quot;Ann&quot;"/><script>{"@type":"Article","author":{"@type":"Person","name":"Zo\\u00eb \\"Z\\" F"}}</script>';
  assert.deepEqual(aboutPage(html), { title: 'Tom & "Ann"', author: 'Zoë "Z" F' });
});

test("what a reader does can wait, what a writer types and signing out cannot", () => {
  assert.ok(canWait("PUT", "/api/v1/me/claps/1"));
  assert.ok(canWait("POST", "/api/v1/me/reader/a/responses"));
  assert.ok(!canWait("PUT", "/api/v1/me/articles/1"));
  assert.ok(!canWait("GET", "/api/v1/me/lists"));
  assert.ok(!canWait("POST", "/bff/backchannel"));
});

test("the last word about one thing counts; what adds something is never dropped", () => {
  const waiting = [action({ seq: 1 }), action({ seq: 2, path: "/api/v1/me/claps/b" }), action({ seq: 3, method: "POST", path: "/api/v1/me/reader/a/responses" })];
  assert.deepEqual(outdatedBy(waiting, action({ method: "DELETE" })), [1]);
  assert.deepEqual(outdatedBy(waiting, action({ person: "ben" })), []);
  assert.deepEqual(outdatedBy(waiting, action({ method: "POST", path: "/api/v1/me/reader/a/responses" })), []);
});

test("a busy server gets the command again, a refusal is told, a stranger's session never sends it", () => {
  assert.equal(fateOf(204, "PUT"), "done");
  assert.equal(fateOf(404, "DELETE"), "done");
  assert.equal(fateOf(404, "PUT"), "refused");
  assert.equal(fateOf(401, "PUT"), "hold");
  assert.equal(fateOf(429, "PUT"), "later");
  assert.equal(fateOf(503, "POST"), "later");
});

test("what waits survives the window, in the order it was given", async () => {
  const factory = new IDBFactory();
  const store = openStore(factory);
  await store.add(action({ key: "first" }));
  await store.add(action({ key: "second" }));
  const reopened = openStore(factory);
  assert.deepEqual((await reopened.waiting()).map(({ key }) => key), ["first", "second"]);
  await reopened.remove((await reopened.waiting())[0]?.seq ?? 0);
  assert.deepEqual((await reopened.waiting()).map(({ key }) => key), ["second"]);
});

test("signing out empties the shelf but keeps what waits to be sent", async () => {
  const store = openStore(new IDBFactory());
  await store.keep({ path: "/@a/x", title: "X", author: "A", parts: [], bytes: 1, etag: null, at: 1 });
  await store.add(action({}));
  await store.clear();
  assert.deepEqual(await store.kept(), []);
  assert.equal((await store.waiting()).length, 1);
});

test("a browser is called what its owner calls it", () => {
  assert.equal(thisBrowser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox on Linux");
  assert.equal(thisBrowser("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"), "Chrome on Android");
  assert.equal(thisBrowser("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"), "Edge on Windows");
  assert.equal(thisBrowser("curl"), "Browser");
});

test("a notification opens our own pages only", () => {
  assert.equal(addressOf("/@ada/x", "https://blog.example"), "https://blog.example/@ada/x");
  assert.equal(addressOf("https://evil.example/", "https://blog.example"), "https://blog.example/");
  assert.equal(addressOf("javascript:alert(1)", "https://blog.example"), "https://blog.example/");
  assert.equal(addressOf(undefined, "https://blog.example"), "https://blog.example/");
});
