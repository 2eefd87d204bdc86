const longest = 160;
const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/**
 * The beginning of an article as plain text, for where a description is wanted and the author wrote none: its first paragraph with
 * words, cut at a word to at most 160 characters.
 * @param html As the content service renders it, sanitised.
 */
export function excerpt(html: string): string {
  for (const [, paragraph] of html.matchAll(/<p(?:\s[^>]*)?>([\s\S]*?)<\/p>/g)) {
    const text = plain(paragraph ?? "");
    if (text) return shortened(text);
  }
  return "";
}

function plain(html: string): string {
  return html
    .replace(/<sup[\s>][\s\S]*?<\/sup>/g, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) =>
      decimal ? String.fromCodePoint(Number(decimal)) : hex ? String.fromCodePoint(parseInt(hex, 16)) : (named[name ?? ""] ?? whole))
    .replace(/\s+/g, " ")
    .trim();
}

function shortened(text: string): string {
  const characters = [...text];
  if (characters.length <= longest) return text;
  const cut = characters.slice(0, longest - 1).join("");
  const word = cut.lastIndexOf(" ");
  // Scripts without spaces have no word to cut at.
  return `${word > longest / 2 ? cut.slice(0, word) : cut}…`;
}
