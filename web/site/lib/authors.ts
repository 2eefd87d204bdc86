// Who wrote a story: its first author, under whose address it stands, and those who wrote it with them.
import type { ArticleCard, Author } from "@blog/api";

type Written = Pick<ArticleCard, "author" | "coAuthors">;

/** In the order of the byline. */
export const authorsOf = ({ author, coAuthors }: Written): Author[] => [author, ...coAuthors];

/** Tags of what shows them. */
export const authorTags = (article: Written): string[] => authorsOf(article).map(({ id }) => `author:${id}`);

const conjunction = new Intl.ListFormat("en-GB");

/** "Ada, Bob and Cem". */
export const namesOf = (article: Written): string => conjunction.format(authorsOf(article).map(({ name }) => name));

/** The same in parts: a name at each author's turn, and what stands between them. */
export function namesInParts(article: Written): { author?: Author; text: string }[] {
  const authors = authorsOf(article);
  let at = 0;
  return conjunction.formatToParts(authors.map(({ name }) => name)).map(({ type, value }) => (type === "element" ? { author: authors[at++], text: value } : { text: value }));
}
