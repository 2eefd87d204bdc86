import assert from "node:assert/strict";
import { test } from "node:test";
import type { NotificationItem } from "@blog/api";
import { dataOf } from "../islands/live";
import { merged, spoken } from "../lib/notifications";

const people = ["Ana", "Ben", "Cleo"].map((name) => ({ id: name, handle: name.toLowerCase(), name, avatarUrl: null }));

const item = (patch: Partial<NotificationItem>): NotificationItem => ({
  id: "1",
  kind: "claps",
  position: 1,
  actors: people.slice(0, 1),
  actorCount: 1,
  articleId: "a",
  title: "Wind",
  onResponse: false,
  excerpt: "",
  url: "/@x/wind",
  at: "2026-11-22T10:00:00Z",
  unread: true,
  withdrawn: false,
  ...patch,
});

test("a group names the last who came and counts the others", () => {
  assert.equal(spoken(item({})), "Ana clapped for Wind");
  assert.equal(spoken(item({ actors: people.slice(0, 2), actorCount: 2 })), "Ana and Ben clapped for Wind");
  assert.equal(spoken(item({ actors: people, actorCount: 3 })), "Ana, Ben and Cleo clapped for Wind");
  assert.equal(spoken(item({ actors: people, actorCount: 13 })), "Ana, Ben and 11 others clapped for Wind");
  assert.equal(spoken(item({ actors: people.slice(0, 2), actorCount: 3 })), "Ana, Ben and 1 other clapped for Wind");
  assert.equal(spoken(item({ actors: [], actorCount: 1 })), "Somebody clapped for Wind");
});

test("a name in braces is a name, not a place to fill", () => {
  assert.equal(spoken(item({ kind: "response", title: "{who} is {a}?" })), "Ana responded to {who} is {a}?");
  assert.equal(spoken(item({ onResponse: true })), "Ana clapped for your response to Wind");
});

test("a change takes its place in the list, and what was taken back leaves it", () => {
  const bell = { sequence: 9, unread: 1, unseen: 1, readPosition: 3 };
  const list = [item({ id: "2", position: 5 }), item({ id: "1", position: 2 })];
  const after = merged(list, { bell, changes: [item({ id: "1", position: 9, actorCount: 2 }), item({ id: "2", position: 5, withdrawn: true }), item({ id: "3", position: 3 })] });
  assert.deepEqual(
    after.map(({ id, unread }) => [id, unread]),
    [
      ["1", true],
      ["3", false],
    ],
  );
});

test("the data of a message is joined from its lines; a comment has none", () => {
  assert.equal(dataOf("id: 4\nevent: bell\ndata: {\ndata: }"), "{\n}");
  assert.equal(dataOf(":"), "");
});
