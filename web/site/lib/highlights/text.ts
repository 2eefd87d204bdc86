// The text that highlights point into, and the way between it and the page. Defined in Blog.Anchoring/ArticleText.cs;
// tests/vectors/highlights/text.json checks both.

/** Elements that do not separate words. */
const inline = new Set(
  "A ABBR B BDI BDO CITE CODE DEL DFN EM I IMG INPUT INS KBD LABEL MARK METER PROGRESS Q RP RT RUBY S SAMP SMALL SPAN STRONG SUB SUP TIME U VAR WBR".split(" "),
);

/** A word as it stands in the page: the same characters in the text and in the node. */
interface Word {
  node: Text;
  /** In the node's data. */
  offset: number;
  /** In the text. */
  at: number;
  length: number;
}

export interface Passage {
  start: number;
  end: number;
}

export class ArticleText {
  readonly text: string;
  private readonly words: readonly Word[];

  constructor(root: Node) {
    const words: Word[] = [];
    let text = "";
    let pending = "";
    const element = (parent: Node, isPre: boolean) => {
      for (let node = parent.firstChild; node; node = node.nextSibling) {
        if (node instanceof Text) read(node, isPre);
        else if (node instanceof Element && node.nodeName !== "BUTTON" && !node.matches("math, code.math, figure.diagram") && !(node.nodeName === "A" && node.hasAttribute("aria-label"))) {
          const isBlock = !inline.has(node.nodeName);
          if (isBlock) pending = "\n";
          element(node, isPre || node.nodeName === "PRE");
          if (isBlock) pending = "\n";
        }
      }
    };
    const read = (node: Text, isPre: boolean) => {
      for (const match of node.data.matchAll(/\s+|\S+/g)) {
        const [found] = match;
        if (/\s/.test(found[0] ?? "")) {
          if (isPre && /[\r\n]/.test(found)) pending = "\n";
          else pending ||= " ";
          continue;
        }
        if (text) text += pending;
        pending = "";
        words.push({ node, offset: match.index, at: text.length, length: found.length });
        text += found;
      }
    };
    element(root, false);
    this.text = text;
    this.words = words;
  }

  /** Whether the page still is as it was read. */
  get isCurrent(): boolean {
    return this.words.every(({ node, offset, length }) => node.isConnected && node.data.length >= offset + length);
  }

  /** The passage in the page. */
  rangeOf({ start, end }: Passage): Range | undefined {
    const first = this.words[this.firstEndingAfter(start)];
    const last = this.words[this.firstEndingAfter(end - 1)];
    if (!first || !last || end <= start) return undefined;
    const range = document.createRange();
    range.setStart(first.node, first.offset + Math.max(0, start - first.at));
    range.setEnd(last.node, last.offset + Math.min(last.length, end - last.at));
    return range;
  }

  /** The part of the text that a range of the page holds, without white space at its ends; undefined when it holds none. */
  passageOf(range: Range): Passage | undefined {
    const start = this.words[this.bisect(({ node, offset, length }) => range.comparePoint(node, offset + length) >= 0 && !isAt(range.startContainer, range.startOffset, node, offset + length))];
    const after = this.bisect(({ node, offset }) => range.comparePoint(node, offset) > 0 || isAt(range.endContainer, range.endOffset, node, offset));
    const end = this.words[after - 1];
    if (!start || !end) return undefined;
    const from = start.at + (range.startContainer === start.node ? Math.max(0, range.startOffset - start.offset) : 0);
    const to = end.at + (range.endContainer === end.node ? Math.min(end.length, range.endOffset - end.offset) : end.length);
    return to > from ? { start: from, end: to } : undefined;
  }

  /** The words of a passage, each in its node. */
  piecesOf({ start, end }: Passage): { node: Text; from: number; to: number }[] {
    const pieces: { node: Text; from: number; to: number }[] = [];
    for (let i = this.firstEndingAfter(start); i < this.words.length; i++) {
      const word = this.words[i];
      if (!word || word.at >= end) break;
      const from = word.offset + Math.max(0, start - word.at);
      const to = word.offset + Math.min(word.length, end - word.at);
      const before = pieces.at(-1);
      if (before?.node === word.node) before.to = to;
      else pieces.push({ node: word.node, from, to });
    }
    return pieces;
  }

  private firstEndingAfter(position: number): number {
    return this.bisect(({ at, length }) => at + length > position);
  }

  /** The first word of which it is so, when it is so of all that follow. */
  private bisect(isSo: (word: Word) => boolean): number {
    let [low, high] = [0, this.words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const word = this.words[middle];
      if (word && isSo(word)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const isAt = (container: Node, at: number, node: Node, offset: number) => container === node && at === offset;
