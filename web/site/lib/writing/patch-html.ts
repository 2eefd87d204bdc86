// Shows another version of a rendered text by replacing only the blocks that differ: pictures do not flicker, players go on, and drawn diagrams stay.

export interface Patch {
  added: Element[];
  removed: Element[];
}

/** The first and the last places where two lists differ: from `from` on, `left` of the old are replaced by `right` of the new. */
export function changedRun<T>(old: readonly T[], now: readonly T[]): { from: number; left: number; right: number } {
  let from = 0;
  while (from < old.length && from < now.length && old[from] === now[from]) from++;
  let tail = 0;
  while (tail < old.length - from && tail < now.length - from && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  return { from, left: old.length - from - tail, right: now.length - from - tail };
}

/** A host whose blocks are those of the HTML it was given last; scripts of the page may have changed them since. */
export class PatchedHtml {
  #blocks: string[] = [];

  show(host: HTMLElement, html: string): Patch {
    const template = document.createElement("template");
    template.innerHTML = html;
    const fresh = [...template.content.children];
    const blocks = fresh.map((block) => block.outerHTML);
    const { from, left, right } = changedRun(this.#blocks, blocks);
    const removed = [...host.children].slice(from, from + left);
    const added = fresh.slice(from, from + right);
    const before = host.children[from + left] ?? null;
    removed.forEach((block) => block.remove());
    added.forEach((block) => host.insertBefore(block, before));
    this.#blocks = blocks;
    return { added, removed };
  }
}
