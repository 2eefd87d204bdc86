// What was highlighted, as a text to take along.
import type { HighlightedArticle } from "@blog/api";

// A quote is plain text: what Markdown would read into it is escaped.
const escape = (text: string) => text.replace(/[\\`*_[\]<>#|~]/g, "\\$&");

const quoteOf = (text: string) =>
  text
    .split("\n")
    .map((line) => `> ${escape(line)}`)
    .join("\n>\n");

export function toMarkdown(articles: readonly HighlightedArticle[], origin: string): string {
  const parts = articles.map(({ article, title, highlights }) => {
    const name = escape(article?.title ?? (title || "Deleted story"));
    const heading = article ? `## [${name}](${origin}${article.url})\n\nby ${escape(article.author.name)}` : `## ${name}`;
    const quotes = highlights.map(({ quote, note, place }) => [quoteOf(quote), place === "detached" ? "*Not in the text any more.*" : "", escape(note)].filter(Boolean).join("\n\n"));
    return [heading, ...quotes].join("\n\n");
  });
  return `# Highlights\n\n${parts.join("\n\n")}\n`;
}
