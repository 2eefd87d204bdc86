// Writes XML 1.0. A string is text and is always escaped; only what `element` made is markup. So nothing an author writes can become markup, and
// what the language forbids is not written.

/** Markup that is well-formed by construction. */
export class Markup {
  constructor(readonly source: string) {}
}

export type Child = string | Markup | false | null | undefined | readonly Child[];
export type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** Text without the characters XML 1.0 forbids (section 2.2: most control characters, lone surrogates, U+FFFE, U+FFFF). */
export const permitted = (text: string): string => text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");

/** Text as character data or as an attribute's value. A carriage return as it is would be read as a line end (section 2.11). */
export function escaped(text: string): string {
  return permitted(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/\r/g, "&#13;");
}

/** An attribute's value is read with its white space as spaces (section 3.3.3). */
const attribute = (value: string) => escaped(value).replace(/\n/g, "&#10;").replace(/\t/g, "&#9;");

function* present(children: readonly Child[]): Generator<string | Markup> {
  for (const child of children)
    if (typeof child === "string" || child instanceof Markup) yield child;
    else if (child) yield* present(child);
}

/** One element; attributes and children that are null, undefined or false are left out. Names come from us, never from authors. */
export function element(name: string, attributes: Attributes, ...children: Child[]): Markup {
  const opening = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ` ${key}="${attribute(String(value))}"`)
    .join("");
  const parts = [...present(children)];
  if (parts.length === 0) return new Markup(`<${name}${opening}/>`);
  const inner = parts.every((child): child is Markup => child instanceof Markup)
    ? `\n${parts.map((child) => child.source).join("\n")}\n`
    : parts.map((child) => (child instanceof Markup ? child.source : escaped(child as string))).join("");
  return new Markup(`<${name}${opening}>${inner}</${name}>`);
}

/** A whole document. */
export const xmlDocument = (root: Markup): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root.source}\n`;
