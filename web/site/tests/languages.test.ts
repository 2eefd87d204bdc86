import assert from "node:assert/strict";
import { test } from "node:test";
import { betterFor, bothNames, directionOf, languageOf, languagesLike, offered, openGraphLocale, ownName } from "@/lib/languages";
import { alternatesOf, translationTags } from "@/lib/translations";

test("a language is called what its speakers call it", () => {
  assert.deepEqual(["de", "pt-BR", "zh-Hant", "ar", "qaa"].map(ownName), ["Deutsch", "Português (Brasil)", "繁體中文", "العربية", "qaa"]);
  assert.deepEqual(["de", "en"].map(bothNames), ["Deutsch (German)", "English"]);
  assert.equal(new Set(offered.map(ownName)).size, offered.length);
});

test("a language is meant by either of its names, by both, or by its tag", () => {
  for (const text of ["German", "deutsch", "Deutsch (German)", "DE"]) assert.equal(languageOf(text), "de");
  assert.deepEqual(["pt-br", "zh-hant", "SR-latn", "español", "espanol", "Turkce"].map(languageOf), ["pt-BR", "zh-Hant", "sr-Latn", "es", "es", "tr"]);
  for (const text of ["", "klingonish", "en_GB", "a b", "-"]) assert.equal(languageOf(text), "", text);
  for (const tag of offered) assert.equal(languageOf(bothNames(tag)), tag);
});

test("what is typed finds languages by the beginning of a word of a name", () => {
  assert.ok(languagesLike("portu").includes("pt-BR"));
  assert.ok(languagesLike("braz").includes("pt-BR"));
  assert.deepEqual(languagesLike("deut"), ["de"]);
  assert.deepEqual(languagesLike("日本"), ["ja"]);
  assert.equal(languagesLike("").length, offered.length);
});

test("which way a language is written follows from its script", () => {
  assert.deepEqual(["ar", "he", "ur", "az-Arab", "az", "de", "", null, "x!"].map(directionOf), ["rtl", "rtl", "rtl", "rtl", "ltr", "ltr", undefined, undefined, undefined]);
});

test("Open Graph names a language with the country it goes with", () => {
  assert.deepEqual(["de", "pt-BR", "zh-Hant", "sr-Latn", "es-419", "!"].map(openGraphLocale), ["de_DE", "pt_BR", "zh_TW", "sr_RS", undefined, undefined]);
});

test("another language stands out for who reads it better than this one", () => {
  assert.equal(betterFor(["de-AT", "en"], "en", ["fr", "de"]), "de");
  assert.equal(betterFor(["en-US", "de"], "en-GB", ["de"]), undefined);
  assert.equal(betterFor(["pt-PT"], "en", ["pt-BR", "pt-PT"]), "pt-PT");
  assert.equal(betterFor(["ja"], "en", ["de"]), undefined);
});

test("search engines are told of pages that are the original of what they show", () => {
  const item = (language: string, current: boolean, canonicalUrl: string | null = null) => ({ authorId: `of-${language}`, language, title: language, url: `/@ada/${language}`, current, canonicalUrl });
  const [en, de, fr] = [item("en", true), item("de", false), item("fr", false, "https://elsewhere.example/")];
  const told = (canonicalUrl: string | null, ...items: typeof en[]) => alternatesOf({ canonicalUrl, translations: { id: "g", items } }).map(({ language }) => language);
  assert.deepEqual(told(null, en, de, fr), ["en", "de"]);
  assert.deepEqual(told(null, en, fr), []);
  assert.deepEqual(told("https://elsewhere.example/", en, de), []);
  assert.deepEqual(alternatesOf({ canonicalUrl: null, translations: null }), []);
  assert.deepEqual(translationTags({ id: "g", items: [en, de] }), ["translations:g", "author:of-en", "author:of-de"]);
});
