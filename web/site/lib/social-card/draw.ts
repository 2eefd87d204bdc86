// Draws a card. Text is laid out by Pango with the fonts of the system: any script, either direction, emoji; what no font has is shown as a box, and nothing else breaks.
import sharp, { type OverlayOptions } from "sharp";
import { size, type SocialCard } from "./card";

const margin = 80;
const ink = "#15171a";
const quiet = "#4d535b";
const accent = "#1c4fb8";
const serif = "Noto Serif, DejaVu Serif, serif";
const sans = "Noto Sans, DejaVu Sans, sans-serif";
const column = size.width - 2 * margin;

interface Line {
  text: string;
  font: string;
  colour: string;
  width: number;
  /** At most; what is higher is set smaller. */
  height: number;
  /** The room it has from the top; it stands in the middle of it. */
  top: number;
  /** At the side where reading begins, or ends. */
  at: "start" | "end";
}

/** Text without control characters and halves of characters. */
const printable = (text: string) => text.replace(/[\p{Cc}\p{Cs}]/gu, " ").trim();

/** Pango reads its text as markup; only what we mean is. */
const marked = (text: string, colour: string) => `<span foreground="${colour}">${printable(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")}</span>`;

async function set(line: Line, direction: SocialCard["direction"]): Promise<OverlayOptions> {
  const text = { text: marked(line.text, line.colour), font: line.font, width: line.width, rgba: true, wrap: "word-char", spacing: 6 } as const;
  const draw = (options: object) => sharp({ text: { ...text, ...options } }).png().toBuffer({ resolveWithObject: true });
  const asMeant = await draw({ dpi: 72 });
  // One that is too high is laid out anew in the largest size that fits.
  const { data, info } = asMeant.info.height <= line.height && asMeant.info.width <= line.width ? asMeant : await draw({ height: line.height });
  const left = (line.at === "start") === (direction === "ltr") ? margin : size.width - margin - info.width;
  return { input: data, left, top: line.top + Math.floor((line.height - info.height) / 2) };
}

/** Something of it has a form: signs that only steer others have none, and Pango refuses to draw nothing. */
const isSeen = (text: string) => /[^\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u.test(text);

/** A stroke of the blue pencil, the one ornament. */
const stroke = (direction: SocialCard["direction"]) => {
  const left = direction === "ltr" ? margin : size.width - margin - 132;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><path d="M${left} 136c34-7 84-9 132-7" fill="none" stroke="${accent}" stroke-width="7" stroke-linecap="round"/><path d="M0 ${size.height - 12}h${size.width}v12h-${size.width}z" fill="${accent}"/></svg>`,
  );
};

/** A PNG of 1200 × 630. */
export async function draw(card: SocialCard): Promise<Buffer> {
  const lines: Line[] = [
    { text: card.site, font: `${serif} Bold 44`, colour: ink, width: column / 2, height: 60, top: 62, at: "start" },
    { text: card.title, font: `${serif} Bold 80`, colour: ink, width: column, height: 304, top: 170, at: "start" },
    { text: card.authors, font: `${sans} 30`, colour: quiet, width: card.publication ? Math.round(column * 0.55) : column, height: 76, top: 512, at: "start" },
  ];
  if (card.publication) lines.push({ text: card.publication, font: `${sans} 30`, colour: quiet, width: Math.round(column * 0.38), height: 76, top: 512, at: "end" });
  const drawn: OverlayOptions[] = [{ input: stroke(card.direction), left: 0, top: 0 }];
  // One after the other: two cores are shared with every other service.
  for (const line of lines) if (isSeen(line.text)) drawn.push(await set(line, card.direction));
  return sharp({ create: { ...size, channels: 3, background: "#ffffff" } }).composite(drawn).png({ palette: true, colours: 128 }).toBuffer();
}
