const inTags = /<[a-z][^>]*>/g;
const addresses = / (href|src|cite|poster)="([^"]*)"/g;
const pictures = / srcset="([^"]*)"/g;

const decoded = (value: string) => value.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
const encoded = (value: string) => value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

function resolved(value: string, page: string): string {
  try {
    return encoded(new URL(decoded(value), page).href);
  } catch {
    // Not an address that leads anywhere; it stays what it was.
    return value;
  }
}

/**
 * An article's HTML with every address as it must be away from its page.
 * @param html As Content writes it: attributes in double quotes, with `<`, `>`, `&` and `"` in their values escaped, so a tag ends at its first `>`.
 * @param page Absolute address of the article.
 */
export const absolute = (html: string, page: string): string =>
  html.replace(inTags, (tag) =>
    tag
      .replace(addresses, (_, name: string, value: string) => ` ${name}="${resolved(value, page)}"`)
      .replace(pictures, (_, value: string) => ` srcset="${value.split(", ").map((source) => source.replace(/^\S+/, (address) => resolved(address, page))).join(", ")}"`));
