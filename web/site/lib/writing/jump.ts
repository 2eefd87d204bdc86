// Brings a writer to a place that the checklist names, in the Markdown field or in the rich editor.
import { marker, type Finding } from "./checklist";

export function jumpTo(finding: Finding): void {
  const field = document.querySelector<HTMLTextAreaElement>("textarea.markdown");
  if (finding.kind === "title") document.querySelector<HTMLElement>("textarea.article-title")?.focus();
  else if (finding.kind === "description") document.querySelector<HTMLElement>("textarea.standfirst")?.focus();
  else if (!("place" in finding)) return;
  else if (field) select(field, finding.place.start, finding.place.end);
  else inRichText(finding);
}

/** A field scrolls to where it is focused with the caret there, not to a selection set later. */
function select(field: HTMLTextAreaElement, start: number, end: number): void {
  field.setSelectionRange(start, start);
  field.blur();
  field.focus();
  field.setSelectionRange(start, end);
}

function inRichText(finding: Extract<Finding, { place: unknown }>): void {
  const story = document.querySelector<HTMLElement>(".rich:not([hidden]) .ProseMirror");
  if (!story) return;
  if (finding.kind === "alt") {
    const fields = [...story.querySelectorAll<HTMLInputElement>(".picture-words .missing")];
    (fields[finding.place.number] ?? fields[0] ?? story).focus();
    return;
  }
  const [node, from, to] = finding.kind === "tk" ? nthMarker(story, finding.place.number) : linkWith(story, finding.words);
  story.focus();
  if (!node) return;
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  getSelection()?.removeAllRanges();
  getSelection()?.addRange(range);
  node.parentElement?.scrollIntoView({ block: "center" });
}

type Found = readonly [node: Text | undefined, from: number, to: number];

function nthMarker(story: HTMLElement, number: number): Found {
  let seen = 0;
  const walker = document.createTreeWalker(story, NodeFilter.SHOW_TEXT, (node) => (node.parentElement?.closest("code, pre, [contenteditable=false]") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    for (const { index, 0: found } of node.data.matchAll(marker)) if (seen++ === number) return [node, index, index + found.length];
  }
  return [undefined, 0, 0];
}

function linkWith(story: HTMLElement, words: string): Found {
  const link = [...story.querySelectorAll("a")].find(({ textContent }) => textContent === words);
  const node = link?.firstChild;
  return node instanceof Text ? [node, 0, node.data.length] : [undefined, 0, 0];
}
