import assert from "node:assert/strict";
import { test } from "node:test";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { openSearch } from "@/lib/open-search";
import { languageName } from "@/lib/languages";
import { addressOf, asked, changed, isFiltered, searchOf } from "@/lib/search";

const now = Date.parse("2026-11-22T17:00:00Z");

test("a search has one address, without what is as usual, and reads back from it", () => {
  const address = "/search?q=tide%20%26%20time&in=people&sort=newest&topic=c-sharp&lang=de&time=month&page=abc";
  const search = searchOf(Object.fromEntries(new URL(address, "https://blog.example").searchParams));
  assert.equal(addressOf(search), address);
  assert.equal(addressOf(searchOf({ q: " tide ", in: "stories", sort: "relevance", time: "any", page: "" })), "/search?q=tide");
  assert.equal(addressOf(searchOf({})), "/search");
});

test("what an address cannot mean is taken as the usual", () => {
  const search = searchOf({ q: ["a", "b"], in: "everything", sort: "loudest", time: "tomorrow" });
  assert.deepEqual([search.query, search.kind, search.sort, search.time], ["", "stories", "relevance", "any"]);
});

test("another choice begins with its first page and keeps the others", () => {
  const search = searchOf({ q: "tide", topic: "sea", page: "abc" });
  assert.equal(changed(search, { sort: "oldest" }), "/search?q=tide&sort=oldest&topic=sea");
  assert.equal(changed(search, { topic: undefined }), "/search?q=tide");
  assert.equal(isFiltered(search), true);
  assert.equal(isFiltered(searchOf({ q: "tide", sort: "newest" })), false);
});

test("times are whole days, so that everybody who asks on a day asks the same", () => {
  assert.deepEqual(asked(searchOf({ q: "tide", time: "week" }), now), { q: "tide", sort: undefined, topic: undefined, lang: undefined, after: "2026-11-15", pageToken: undefined });
  assert.equal(asked(searchOf({ q: "tide" }), now).after, undefined);
});

test("languages have names, and what has none keeps its code", () => {
  assert.equal(languageName("de"), "German");
  assert.equal(languageName("not a code!"), "not a code!");
});

test("the description for browsers is OpenSearch 1.1 and names the addresses of this site", () => {
  const text = openSearch("https://blog.example");
  assert.equal(XMLValidator.validate(text), true);
  const { OpenSearchDescription: description } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "" }).parse(text) as {
    OpenSearchDescription: { xmlns: string; ShortName: string; Description: string; Url: { type: string; template: string }[] };
  };
  assert.equal(description.xmlns, "http://a9.com/-/spec/opensearch/1.1/");
  assert.ok(description.ShortName.length <= 16 && description.Description.length <= 1024);
  assert.deepEqual(
    description.Url.map(({ type, template }) => [type, template]),
    [
      ["text/html", "https://blog.example/search?q={searchTerms}"],
      ["application/x-suggestions+json", "https://blog.example/api/v1/search/completions?q={searchTerms}"],
      ["application/opensearchdescription+xml", "https://blog.example/opensearch.xml"],
    ],
  );
});
