// Where somebody stopped reading, said so that it is found again after the article was edited: by the beginning of the block at the reader's eye, by
// the heading before it, and at last by how far it was. Without a DOM: a block is what matters of an element.

export interface Block {
  /** Fragment id when it is a heading. */
  anchor: string | null;
  /** As made by `quoteOf`. */
  quote: string;
}

export interface Found {
  index: number;
  /** It is the same block, so that how far one was inside it means something. */
  same: boolean;
}

interface Told {
  anchor: string;
  block: number;
  quote: string;
}

const longest = 80;
/** Of a block that was rewritten behind its beginning. */
const telling = 24;

/** The beginning of a text, white space collapsed, whole characters only. */
export const quoteOf = (text: string): string => {
  const [...characters] = text.slice(0, 4 * longest).replace(/\s+/g, " ").trim();
  let quote = "";
  for (const character of characters) {
    if (quote.length + character.length > longest) break;
    quote += character;
  }
  return quote;
};

/** A block as it is told to the server. */
export function tell(blocks: readonly Block[], index: number): Told {
  let heading = index;
  while (heading >= 0 && !blocks[heading]?.anchor) heading--;
  return { anchor: blocks[heading]?.anchor ?? "", block: index - Math.max(heading, 0), quote: blocks[index]?.quote ?? "" };
}

/** The block that was told, in the article as it is now; undefined: nothing is left of what was around it. */
export function find(blocks: readonly Block[], { anchor, block, quote }: Told): Found | undefined {
  const heading = anchor ? blocks.findIndex((candidate) => candidate.anchor === anchor) : 0;
  const expected = heading < 0 ? 0 : heading + block;
  const nearest = (matches: (text: string) => boolean): number | undefined => {
    let best: number | undefined;
    blocks.forEach((candidate, index) => {
      if (matches(candidate.quote) && (best === undefined || Math.abs(index - expected) < Math.abs(best - expected))) best = index;
    });
    return best;
  };

  if (quote) {
    const same = nearest((text) => text === quote);
    if (same !== undefined) return { index: same, same: true };
    if (quote.length >= telling) {
      const similar = nearest((text) => text.startsWith(quote.slice(0, telling)));
      if (similar !== undefined) return { index: similar, same: true };
    }
  }
  if (heading < 0 || blocks.length === 0 || (!anchor && !quote)) return undefined;
  // Under the same heading, as far down as there is something under it.
  let last = heading;
  while (last + 1 < blocks.length && !blocks[last + 1]?.anchor) last++;
  return { index: Math.min(expected, last), same: !quote };
}
