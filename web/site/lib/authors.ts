// Who wrote a story: its first author, under whose address it stands, and those who wrote it with them.
import type { ArticleCard, Author } from "@blog/api";

type Written = Pick<ArticleCard, "author" | "coAuthors"> & Partial<Pick<ArticleCard, "coAuthorNames">>;

/** In the order of the byline. */
export const authorsOf = ({ author, coAuthors }: Written): Author[] => [author, ...coAuthors];

/** Tags of what shows them. */
export const authorTags = (article: Written): string[] => authorsOf(article).map(({ id }) => `author:${id}`);

const conjunction = new Intl.ListFormat("en-GB");

/** Those who came with an imported story by name alone stand last. */
const allNames = (article: Written): string[] => [...authorsOf(article).map(({ name }) => name), ...(article.coAuthorNames ?? [])];

/** "Ada, Bob and Cem". */
export const namesOf = (article: Written): string => conjunction.format(allNames(article));

/** The same in parts: a name at each author's turn (without one: nobody here), and what stands between them. */
export function namesInParts(article: Written): { author?: Author; text: string }[] {
  const authors = authorsOf(article);
  let at = 0;
  return conjunction.formatToParts(allNames(article)).map(({ type, value }) => (type === "element" ? { author: authors[at++], text: value } : { text: value }));
}
