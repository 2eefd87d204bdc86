// Languages by their BCP 47 tags: what they are called, which way they are written, and which one somebody means.

/** What a form offers; every other tag can be typed. */
export const offered = (
  "af am ar az be bg bn bs ca cs cy da de el en en-GB en-US eo es es-419 et eu fa fi fil fr fr-CA ga gl gu ha he hi hr hu hy id ig is it ja ka kk km kn ko ku ky lo lt lv mk ml mn mr ms my nb ne nl nn or pa pl " +
  "ps pt pt-BR pt-PT ro ru rw sd si sk sl so sq sr sr-Latn sv sw ta te tg th ti tk tr tt ug uk ur uz vi xh yi yo zh-Hans zh-Hant zu"
).split(" ");

const called = (tag: string, inLanguage: string): string | undefined => {
  try {
    return new Intl.DisplayNames([inLanguage], { type: "language", fallback: "none" }).of(tag);
  } catch {
    return undefined;
  }
};

/** "German" of "de"; the tag itself where it has no name. */
export const languageName = (tag: string): string => called(tag, "en") ?? tag;

/** "Deutsch" of "de", "Português (Brasil)" of "pt-BR": its name in itself, as in a list of names; the tag where it has none. */
export function ownName(tag: string): string {
  const name = called(tag, tag);
  if (!name) return tag;
  const first = String.fromCodePoint(name.codePointAt(0) ?? 0);
  return first.toLocaleUpperCase(tag) + name.slice(first.length);
}

/** Both names where they differ: "Deutsch (German)". */
export function bothNames(tag: string): string {
  const [own, english] = [ownName(tag), languageName(tag)];
  return own.toLowerCase() === english.toLowerCase() ? own : `${own} (${english})`;
}

const rightToLeft = new Set(["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Samr", "Mand", "Mend"]);

/** Which way a language is written; undefined where nobody said which it is. */
export function directionOf(tag: string | null | undefined): "ltr" | "rtl" | undefined {
  if (!tag) return undefined;
  try {
    return rightToLeft.has(new Intl.Locale(tag).maximize().script ?? "") ? "rtl" : "ltr";
  } catch {
    return undefined;
  }
}

/** As Open Graph names it (ogp.me, og:locale): "de_DE", "zh_TW" of zh-Hant; undefined where no country goes with it. */
export function openGraphLocale(tag: string): string | undefined {
  try {
    const { language, region } = new Intl.Locale(tag).maximize();
    return region && /^[A-Z]{2}$/.test(region) ? `${language}_${region}` : undefined;
  } catch {
    return undefined;
  }
}

const folded = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** Which language somebody means who typed this: a name in English or in the language itself, both, or a tag. Empty: nobody knows. */
export function languageOf(text: string): string {
  const wanted = folded(text);
  if (!wanted) return "";
  const named = offered.find((tag) => [ownName(tag), languageName(tag), bothNames(tag)].some((name) => folded(name) === wanted));
  if (named) return named;
  if (!/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(text.trim())) return "";
  try {
    return Intl.getCanonicalLocales(text.trim())[0] ?? "";
  } catch {
    return "";
  }
}

/** Those that begin like this, in any of their names; without words, all. */
export function languagesLike(text: string): string[] {
  const wanted = folded(text);
  return offered.filter((tag) => tag.toLowerCase().startsWith(wanted) || [ownName(tag), languageName(tag)].some((name) => folded(name).split(/[\s()]+/).some((word) => word.startsWith(wanted)) || folded(name).startsWith(wanted)));
}

/** Of what a story is there in, the one that a person reads best; undefined: none, or the one they have fits as well. */
export function betterFor(preferred: readonly string[], current: string, others: readonly string[]): string | undefined {
  const primary = (tag: string) => tag.toLowerCase().split("-")[0];
  for (const wish of preferred) {
    if (primary(wish) === primary(current)) return undefined;
    const fits = others.filter((tag) => primary(tag) === primary(wish));
    if (fits.length > 0) return fits.find((tag) => tag.toLowerCase() === wish.toLowerCase()) ?? fits[0];
  }
  return undefined;
}
