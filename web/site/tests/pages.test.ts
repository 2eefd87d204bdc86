import assert from "node:assert/strict";
import { test } from "node:test";
import { pageOf } from "@/lib/api";
import { initialsOf } from "@/lib/initials";
import { jsonForHtml, structuredData, type Meta } from "@/lib/meta";
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

interface Node {
  "@type": string;
  [field: string]: unknown;
}

const graphOf = (meta: Meta) => (structuredData(meta, "https://blog.example") as { "@graph": Node[] })["@graph"];

test("an article first published elsewhere names the original as its address", () => {
  const article = { url: "/@ada/t", publishedAt: "2026-01-01T00:00:00Z", editedAt: null, authors: [{ name: "Ada", url: "/@ada" }], topics: [] };
  const [posting] = graphOf({ title: "T", description: "", canonical: "https://old.example/t", article });
  assert.equal(posting?.url, "https://old.example/t");
});

test("an article says who wrote it, when, with which picture, and where it stands in the site", () => {
  const [posting, trail] = graphOf({
    title: "T",
    description: "D",
    canonical: "/@ada/t",
    language: "de",
    image: { url: "/media/1", width: 1200, height: 600, alt: "A pier" },
    article: { url: "/@ada/t", publishedAt: "2026-01-01T00:00:00Z", editedAt: "2026-01-02T00:00:00Z", authors: [{ name: "Ada", url: "/@ada", image: "/media/2" }], topics: ["Sea"], words: 7 },
    trail: [{ name: "Ada", path: "/@ada" }, { name: "T", path: "/@ada/t" }],
  });
  assert.deepEqual(posting, {
    "@type": "BlogPosting", headline: "T", description: "D", url: "https://blog.example/@ada/t", mainEntityOfPage: "https://blog.example/@ada/t",
    datePublished: "2026-01-01T00:00:00Z", dateModified: "2026-01-02T00:00:00Z", inLanguage: "de", keywords: ["Sea"], wordCount: 7,
    image: { "@type": "ImageObject", url: "https://blog.example/media/1", width: 1200, height: 600, caption: "A pier" },
    author: { "@type": "Person", name: "Ada", url: "https://blog.example/@ada", image: "https://blog.example/media/2" },
    publisher: { "@type": "Organization", name: "Blog", url: "https://blog.example/", logo: { "@type": "ImageObject", url: "https://blog.example/icons/512.png", width: 512, height: 512 } },
  });
  assert.deepEqual(trail, {
    "@type": "BreadcrumbList",
    itemListElement: [
      { "@type": "ListItem", position: 1, name: "Blog", item: "https://blog.example/" },
      { "@type": "ListItem", position: 2, name: "Ada", item: "https://blog.example/@ada" },
      { "@type": "ListItem", position: 3, name: "T", item: "https://blog.example/@ada/t" },
    ],
  });
});

test("a story says what it is a translation of, and the original what it was translated into", () => {
  const languages = (current: string) => [{ language: "en", url: "/@ada/t", title: "T" }, { language: "de", url: "/@ada/d", title: "D" }].map((each) => ({ ...each, current: each.language === current }));
  const article = { url: "/@ada/t", publishedAt: "2026-01-01T00:00:00Z", editedAt: null, authors: [{ name: "Ada", url: "/@ada" }], topics: [] };
  const [original] = graphOf({ title: "T", description: "", translations: languages("en"), article });
  const [translation] = graphOf({ title: "D", description: "", translations: languages("de"), article });
  assert.deepEqual(original?.workTranslation, [{ "@type": "BlogPosting", headline: "D", url: "https://blog.example/@ada/d", inLanguage: "de" }]);
  assert.deepEqual([translation?.workTranslation, translation?.translationOfWork], [undefined, { "@type": "BlogPosting", headline: "T", url: "https://blog.example/@ada/t", inLanguage: "en" }]);
});

test("a person's page says who they are, and the first page what the site is; a list that stands nowhere says nothing", () => {
  const [profile] = graphOf({ title: "Ada", description: "Bio", canonical: "/@ada", person: { name: "Ada", handle: "ada", links: [{ url: "https://ada.example/" }], followers: 3 } });
  assert.equal(profile?.["@type"], "ProfilePage");
  const { name, sameAs, interactionStatistic } = profile?.mainEntity as { name: string; sameAs: string[]; interactionStatistic: { userInteractionCount: number } };
  assert.deepEqual([name, sameAs, interactionStatistic.userInteractionCount], ["Ada", ["https://ada.example/"], 3]);
  assert.equal(graphOf({ title: "Home", description: "", canonical: "/", site: { name: "Blog" } })[0]?.["@type"], "WebSite");
  assert.equal(structuredData({ title: "Lists", description: "" }, "https://blog.example"), undefined);
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
  assert.deepEqual(otherwise(context, { kind: "moved", location: "/api/v1/people/ada" }, "/feed.xml"), { redirect: { destination: "/@ada/feed.xml", statusCode: 301 } });
});
