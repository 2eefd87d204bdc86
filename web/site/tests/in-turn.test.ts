import assert from "node:assert/strict";
import { test } from "node:test";
import { inTurn } from "@/lib/in-turn";

const page = new EventTarget();
globalThis.addEventListener = page.addEventListener.bind(page);

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** Requests that are answered when the test says so. */
function requests() {
  const sent: string[] = [];
  const answers = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const send = (name: string) => () => {
    sent.push(name);
    return new Promise<string>((resolve, reject) => answers.set(name, { resolve, reject }));
  };
  return { sent, send, answer: (name: string) => answers.get(name)?.resolve(name), fail: (name: string) => answers.get(name)?.reject(new Error(name)) };
}

test("the first goes out at once, the next when it was answered; others do not wait", async () => {
  const { sent, send, answer } = requests();
  const follow = inTurn("ada", send("follow ada"));
  const unfollow = inTurn("ada", send("unfollow ada"));
  void inTurn("bo", send("follow bo"));
  assert.deepEqual(sent, ["follow ada", "follow bo"]);

  answer("follow ada");
  assert.equal(await follow, "follow ada");
  await settled();
  assert.deepEqual(sent, ["follow ada", "follow bo", "unfollow ada"]);

  answer("unfollow ada");
  assert.equal(await unfollow, "unfollow ada");
  await settled();
  void inTurn("ada", send("again"));
  assert.equal(sent.at(-1), "again", "nothing is left to wait for");
});

test("what fails does not hold up what comes after it", async () => {
  const { sent, send, answer, fail } = requests();
  const first = assert.rejects(inTurn("cy", send("first")), /first/);
  const second = inTurn("cy", send("second"));
  fail("first");
  await first;
  await settled();
  answer("second");
  assert.equal(await second, "second");
  assert.deepEqual(sent, ["first", "second"]);
});

test("who leaves the page does not wait", async () => {
  const { sent, send } = requests();
  void inTurn("di", send("first"));
  void inTurn("di", send("second"));
  await settled();
  assert.deepEqual(sent, ["first"]);
  page.dispatchEvent(new Event("pagehide"));
  await settled();
  assert.deepEqual(sent, ["first", "second"]);
});
