// What a page of ours refers to. It reads our own markup only, so expressions do where a parser is not at hand (a worker has none).

const assets = /(?:src|href)="(\/assets\/[^"]+)"/g;
const pictures = /\/images\/([0-9a-f-]{36})\/(\d+)/gi;
const originals = /"\/media\/([0-9a-f-]{36})"/gi;

/** Wide enough for a phone and a laptop, small enough to carry along. */
const widest = 1200;

export interface Parts {
  /** Scripts, styles and fonts. */
  assets: string[];
  /** One address for each picture: the widest that is not wider than 1200 pixels, or the narrowest. */
  pictures: string[];
}

export function partsOf(html: string): Parts {
  const widths = new Map<string, number>();
  for (const [, id = "", digits] of html.matchAll(pictures)) {
    const width = Number(digits);
    const known = widths.get(id);
    const better = known === undefined || (width <= widest ? known > widest || width > known : width < known);
    if (better) widths.set(id, width);
  }
  const whole = [...html.matchAll(originals)].map(([, id = ""]) => id).filter((id) => !widths.has(id));
  return {
    assets: [...new Set([...html.matchAll(assets)].map(([, path = ""]) => path))],
    pictures: [...[...widths].map(([id, width]) => `/images/${id}/${width}`), ...[...new Set(whole)].map((id) => `/media/${id}`)],
  };
}

/** The picture that an address shows, whatever its width; undefined: it is no picture of ours. */
export const pictureOf = (path: string): string | undefined => /^\/(?:images|media)\/([0-9a-f-]{36})(?:\/\d+)?$/i.exec(path)?.[1];

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };
const plain = (text: string) => text.replace(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name: string) => entities[name] ?? "");

/** Title and author for the list of what is kept, from what link previews are told. */
export function aboutPage(html: string): { title: string; author: string } {
  const title = /<meta property="og:title" content="([^"]*)"/.exec(html)?.[1] ?? /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? "";
  const author = /"author":\{[^}]*"name":"((?:[^"\\]|\\.)*)"/.exec(html)?.[1];
  return { title: plain(title), author: author ? (JSON.parse(`"${author}"`) as string) : "" };
}
