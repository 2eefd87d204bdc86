import assert from "node:assert/strict";
import { test } from "node:test";
import { pageOf } from "@/lib/api";
import { initialsOf } from "@/lib/initials";
import { jsonForHtml, structuredData } from "@/lib/meta";
import { cacheable, handleOf, otherwise, refuse } from "@/lib/page";
import { sourceOf } from "@/lib/pictures";

const id = "0193bbbb-0000-7000-8000-000000000001";

test("an address of the API leads to the page that shows it", () => {
  assert.equal(pageOf("/api/v1/people/ada/articles/on-notes"), "/@ada/on-notes");
  assert.equal(pageOf("http://bff:8080/api/v1/people/ada"), "/@ada");
  assert.equal(pageOf("/api/v1/people/ada/articles"), "/@ada");
  assert.equal(pageOf("/api/v1/people/ada/lists"), "/@ada/lists");
  assert.equal(pageOf("/api/v1/people/ada/lists/weekend"), "/@ada/lists/weekend");
  assert.equal(pageOf("/api/v1/people/ada/articles/%D1%81%D0%BB%D0%BE%D0%B2%D0%BE"), "/@ada/%D1%81%D0%BB%D0%BE%D0%B2%D0%BE");
});

test("an address that leads off the site leads home instead", () => {
  assert.equal(pageOf("https://evil.example/"), "/");
  assert.equal(pageOf("//evil.example/x"), "/");
});

test("only a segment with an at sign names a person", () => {
  assert.equal(handleOf("@ada"), "ada");
  assert.equal(handleOf("ada"), undefined);
  assert.equal(handleOf("@"), undefined);
  assert.equal(handleOf(undefined), undefined);
});

test("structured data cannot leave its script element", () => {
  const text = jsonForHtml({ headline: "</script><script>alert(1)</script>\u2028" });
  assert.doesNotMatch(text, /[<\u2028]/);
  assert.deepEqual(JSON.parse(text), { headline: "</script><script>alert(1)</script>\u2028" });
});

test("an article first published elsewhere names the original as its address", () => {
  const article = { publishedAt: "2026-01-01T00:00:00Z", editedAt: null, author: "Ada", authorUrl: "/@ada", topics: [] };
  const data = structuredData({ title: "T", description: "", canonical: "https://old.example/t", article }, "https://blog.example");
  assert.equal((data as { url: string }).url, "https://old.example/t");
});

test("a monogram has the first letters of the first and last name, or one sign of a script without capitals", () => {
  assert.equal(initialsOf("Ines Marrow"), "IM");
  assert.equal(initialsOf("Ana María de la Cruz"), "AC");
  assert.equal(initialsOf("björk"), "B");
  assert.equal(initialsOf("山田 太郎"), "山");
  assert.equal(initialsOf("  "), "");
});

test("a picture is offered at the optimiser's widths up to its own", () => {
  const source = sourceOf(`/media/${id}`, 900, 1920);
  assert.equal(source.src, `/images/${id}/828`);
  assert.equal(source.srcSet, `/images/${id}/384 384w, /images/${id}/640 640w, /images/${id}/828 828w`);
});

test("a picture smaller than every width is offered at the smallest", () => {
  assert.equal(sourceOf(`/media/${id}`, 40, 1920).srcSet, `/images/${id}/384 384w`);
});

test("a picture that is not ours is left alone", () => {
  assert.deepEqual(sourceOf("https://elsewhere.example/a.png", 10, 10), { src: "https://elsewhere.example/a.png" });
  assert.deepEqual(sourceOf(`/media/../${id}`, 10, 10), { src: `/media/../${id}` });
});

function response() {
  const headers = new Map<string, string>();
  const res = { statusCode: 200, setHeader: (name: string, value: string) => void headers.set(name, value), hasHeader: (name: string) => headers.has(name), end: (body: string) => void headers.set("body", body) };
  return { headers, res, context: { req: {}, res, resolvedUrl: "/x" } as unknown as Parameters<typeof cacheable>[0] };
}

test("cache tags are ASCII, without doubles", () => {
  const { headers, context } = response();
  cacheable(context, ["list", "topic:слово", "list"]);
  assert.equal(headers.get("Cache-Tags"), "list topic:%D1%81%D0%BB%D0%BE%D0%B2%D0%BE");
});

test("each failure has its status, and only a broken page must not be kept", () => {
  for (const [wrong, status, kept] of [["missing", 404, true], ["gone", 410, true], ["noTopic", 404, true], ["broken", 503, false]] as const) {
    const { headers, res, context } = response();
    refuse(context, wrong);
    assert.equal(res.statusCode, status);
    assert.match(headers.get("body") ?? "", /<h1 class="page-title">/);
    assert.equal(headers.get("Cache-Control") === "no-store", !kept);
  }
});

test("a former address redirects for good, and its feed to the feed", () => {
  const { context } = response();
  assert.deepEqual(otherwise(context, { kind: "moved", location: "/api/v1/people/ada" }, "/feed.xml"), { redirect: { destination: "/@ada/feed.xml", statusCode: 308 } });
});
