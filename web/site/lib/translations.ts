// A story in all its languages, as its page tells of them.
import type { ArticlePage, Translations } from "@blog/api";

/** What the page says about its translations depends on. */
export const translationTags = (translations: Translations | null): string[] =>
  translations ? [`translations:${translations.id}`, ...translations.items.map(({ authorId }) => `author:${authorId}`)] : [];

/** For search engines: pages that are the original of what they show, at least two, this one among them. */
export function alternatesOf({ canonicalUrl, translations }: Pick<ArticlePage, "canonicalUrl" | "translations">): Translations["items"] {
  const own = translations?.items.filter((each) => !each.canonicalUrl) ?? [];
  return canonicalUrl || own.length < 2 || !own.some(({ current }) => current) ? [] : own;
}
