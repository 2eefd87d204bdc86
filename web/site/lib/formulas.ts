// Formulas as MathML, which browsers draw and screen readers read: no script, no style sheet of its own.
import katex from "katex";

/** A formula as MathML, or null where its TeX cannot be read. */
export function drawFormula(tex: string, display: boolean): string | null {
  if (!tex.trim()) return null;
  try {
    const drawn = katex.renderToString(tex, { displayMode: display, output: "mathml", throwOnError: true, strict: "ignore", trust: false, maxExpand: 500, maxSize: 20 });
    // Of what is drawn, the source would be read twice, and the content policy forbids styles in a line.
    return /<math[^]*<\/math>/.exec(drawn)?.[0].replace(/<annotation[^]*?<\/annotation>/g, "").replace(/ style="[^"]*"/g, "") ?? null;
  } catch {
    return null;
  }
}

const characters: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };

/** An article's HTML with its formulas drawn. One that cannot be read stays as its author typed it. */
export const withFormulas = (html: string): string =>
  html.replace(/<code class="math( math-display)?">([^<]*)<\/code>/g, (source, display, tex: string) => drawFormula(tex.replace(/&(?:lt|gt|quot|amp);/g, (one) => characters[one] ?? one), Boolean(display)) ?? source);
