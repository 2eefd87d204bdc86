// The text being written, as the API takes it, and the limits it names.
import type { ArticleContent } from "@blog/api";

export type Content = ArticleContent;

export const emptyContent: Content = {
  title: "",
  description: "",
  markdown: "",
  topics: [],
  coverMediaId: "",
  coverAlt: "",
  slug: "",
  canonicalUrl: "",
  language: "",
};

export const limits = { title: 200, description: 400, topics: 5, topic: 50, markdownBytes: 5 * 1024 * 1024, pictureBytes: 20 * 1024 * 1024 } as const;

/** Stands in the text where a picture will be once it is uploaded; never leaves this window. */
export const placeholder = (name: string, number: number) => `![${name.replace(/[[\]\\\n]/g, " ")}…](uploading:${number})`;

const placeholders = /!\[[^\]\n]*…\]\(uploading:\d+\)\n?/g;

export function withoutPlaceholders(content: Content): Content {
  return content.markdown.includes("](uploading:") ? { ...content, markdown: content.markdown.replace(placeholders, "") } : content;
}

const normal = (text: string) => text.replace(/\r\n?/g, "\n").trim();

/** Whether two texts are the same but for line ends and outer blanks. */
export const sameText = (one: string, other: string): boolean => one === other || normal(one) === normal(other);

/** Whether two versions say the same to a reader; line ends and outer blanks do not count, because the server tidies them. */
export function sameContent(one: Content, other: Content): boolean {
  return (
    normal(one.title) === normal(other.title) &&
    normal(one.description) === normal(other.description) &&
    normal(one.markdown) === normal(other.markdown) &&
    one.topics.map(normal).join("\n") === other.topics.map(normal).join("\n") &&
    one.coverMediaId === other.coverMediaId &&
    normal(one.coverAlt) === normal(other.coverAlt) &&
    normal(one.slug) === normal(other.slug) &&
    normal(one.canonicalUrl) === normal(other.canonicalUrl) &&
    normal(one.language) === normal(other.language)
  );
}

export const isEmpty = (content: Content) => sameContent(content, emptyContent);

const encoder = new TextEncoder();

/** Bytes of UTF-8; exact only near the limit, because counting megabytes on each key is felt. */
export function byteLength(text: string): number {
  return text.length * 3 <= limits.markdownBytes ? text.length : encoder.encode(text).length;
}
