import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { GetServerSideProps } from "next";
import sharp from "sharp";
import { cardOf, cardPath, firstPicture, nameOf, pictureOf } from "@/lib/social-card/card";
import { draw } from "@/lib/social-card/draw";
import { card } from "@/lib/social-card/serve";

const ines = { id: "1", handle: "ines", name: "Ines & Co <b>", bio: "", avatarUrl: null, unclaimed: false };
const story = { id: "0193cccc-0000-7000-8000-000000000001", url: "/@ines/%E7%A2%BC", title: "Low tide", author: ines, coAuthors: [], publication: null, language: "en", cover: null, html: "<p>Words</p>", topics: [] };

let shown: typeof story | undefined = story;
const bff = createServer((_, response) => (shown ? response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(shown)) : response.writeHead(410).end()));

before(async () => {
  await new Promise<void>((listening) => bff.listen(0, "127.0.0.1", listening));
  process.env.BLOG_API_ORIGIN = `http://127.0.0.1:${(bff.address() as AddressInfo).port}`;
});

after(() => {
  bff.close();
  bff.closeAllConnections();
});

async function ask(name: string) {
  const headers = new Map<string, string>();
  let body: Buffer | undefined;
  const res = { statusCode: 200, setHeader: (key: string, value: string) => void headers.set(key, value), end: (bytes?: Buffer) => void (body = bytes) };
  await (card as GetServerSideProps)({ req: { headers: {} }, res, params: { person: "@ines", slug: "碼", name }, query: {}, resolvedUrl: "/" } as unknown as Parameters<GetServerSideProps>[0]);
  return { status: res.statusCode, headers, body };
}

test("a card is a picture of 1200 by 630, whatever a title is written in and however long it is", async () => {
  const titles = ["Low tide", "الرصيف عند الجزر وما يتذكره الطين", "在退潮時的碼頭", "पानी उतरने पर घाट", "👩‍🚀 🌊", "W".repeat(200), "very long words ".repeat(12), "<i>&amp; \u0000\u202e</i>", "\ud800", "가나다"];
  for (const title of titles) {
    const { width, height, format } = await sharp(await draw(cardOf({ ...story, title }))).metadata();
    assert.deepEqual([width, height, format], [1200, 630, "png"], title);
  }
  assert.equal((await sharp(await draw({ ...cardOf(story), authors: "a".repeat(400), publication: "p".repeat(200) })).metadata()).width, 1200);
});

/** Whether something is drawn in a part of the card. */
const isInked = async (picture: Buffer, left: number, width: number) => (await sharp(await sharp(picture).extract({ left, top: 176, width, height: 320 }).toBuffer()).stats()).channels[0]!.min < 128;

test("what is read from the right stands at the right", async () => {
  const [english, arabic] = [await draw(cardOf({ ...story, title: "Tide" })), await draw(cardOf({ ...story, title: "جزر", language: null }))];
  assert.deepEqual([await isInked(english, 0, 500), await isInked(english, 700, 500)], [true, false]);
  assert.deepEqual([await isInked(arabic, 0, 500), await isInked(arabic, 700, 500)], [false, true]);
});

test("the address of a card changes with what it says and with nothing else", () => {
  const path = cardPath(story);
  assert.match(path, /^\/cards\/@ines\/%E7%A2%BC\/[\w-]{16}\.png$/);
  assert.equal(cardPath({ ...story, html: "<p>Other words</p>" } as typeof story), path);
  for (const other of [{ title: "High tide" }, { author: { ...ines, name: "Ina" } }, { language: "ar" }, { coAuthors: [ines] }]) assert.notEqual(cardPath({ ...story, ...other }), path);
});

test("a card is kept for long under its address, and goes when the story changes", async () => {
  const { status, headers, body } = await ask(`${nameOf(cardOf(story))}.png`);
  assert.deepEqual([status, headers.get("Content-Type"), headers.get("Cache-Control")], [200, "image/png", "public, max-age=31536000, immutable"]);
  assert.equal(headers.get("Cache-Tags"), `article:${story.id} author:1`);
  assert.equal((await sharp(body!).metadata()).width, 1200);

  // Words of an address are never drawn.
  const other = await ask("AAAAAAAAAAAAAAAA.png");
  assert.deepEqual([other.status, other.headers.get("Location"), other.headers.get("Cache-Control")], [302, cardPath(story), "no-store"]);
  shown = undefined;
  assert.equal((await ask(`${nameOf(cardOf(story))}.png`)).status, 404);
  shown = story;
});

test("a story looks like its cover, else its first large picture, else its card", () => {
  const id = "0193cccc-0000-7000-8000-000000000009";
  const cover = { url: "/media/c", width: 800, height: 400, alt: "" };
  const html = `<img src="/images/${id}/384" width="90" height="90" alt=""><p><img src="/images/${id}/1200" srcset="x" width="1600" height="800" alt="&quot;Low&quot; &amp; wet"></p>`;
  assert.equal(pictureOf({ ...story, cover, html }), cover);
  assert.deepEqual(pictureOf({ ...story, html }), { url: `/media/${id}`, width: 1600, height: 800, alt: '"Low" & wet' });
  assert.deepEqual(pictureOf(story), { url: cardPath(story), width: 1200, height: 630, alt: "“Low tide” by Ines & Co <b>" });
  assert.equal(firstPicture('<img src="https://elsewhere.example/x.png" width="1600" height="800">'), undefined);
});
