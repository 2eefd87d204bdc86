// What the toolbar and the keyboard do to Markdown: pure functions from a text and its selection to an edit.

export interface Selection {
  value: string;
  start: number;
  end: number;
}

/** Replace [from, to) by `text`, then select [start, end). */
export interface Edit {
  from: number;
  to: number;
  text: string;
  start: number;
  end: number;
}

/** Puts marks around the selection, or takes them away when they are there. */
export function wrap({ value, start, end }: Selection, mark: string, sample: string): Edit {
  const before = value.slice(start - mark.length, start);
  const after = value.slice(end, end + mark.length);
  if (before === mark && after === mark && end > start) {
    return { from: start - mark.length, to: end + mark.length, text: value.slice(start, end), start: start - mark.length, end: end - mark.length };
  }
  const chosen = value.slice(start, end) || sample;
  return { from: start, to: end, text: mark + chosen + mark, start: start + mark.length, end: start + mark.length + chosen.length };
}

export function link({ value, start, end }: Selection, sample: string): Edit {
  const chosen = value.slice(start, end);
  if (/^https?:\/\/\S+$/.test(chosen)) return { from: start, to: end, text: `[${sample}](${chosen})`, start: start + 1, end: start + 1 + sample.length };
  const words = chosen || sample;
  const at = start + words.length + 3;
  return { from: start, to: end, text: `[${words}](https://)`, start: at, end: at + 8 };
}

/** Begins each chosen line with a prefix, or takes it away when all have it; headings grow from ## to #### and end. */
export function prefixLines({ value, start, end }: Selection, prefix: string): Edit {
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const stop = value.indexOf("\n", Math.max(end - (end > start && value[end - 1] === "\n" ? 1 : 0), from));
  const to = stop === -1 ? value.length : stop;
  const lines = value.slice(from, to).split("\n");
  const all = lines.every((line) => line.startsWith(prefix));
  const text = lines.map((line) => (all ? line.slice(prefix.length) : prefix + line)).join("\n");
  return { from, to, text, start: from, end: from + text.length };
}

export function heading({ value, start, end }: Selection): Edit {
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const stop = value.indexOf("\n", end);
  const to = stop === -1 ? value.length : stop;
  const line = value.slice(from, to);
  const match = /^(#{1,6})\s+/.exec(line);
  const level = match?.[1]?.length ?? 1;
  const bare = line.slice(match?.[0].length ?? 0);
  const text = level >= 4 ? bare : `${"#".repeat(level + 1)} ${bare}`;
  return { from, to, text, start: from + text.length, end: from + text.length };
}

/** Code in a line, or a fenced block when the selection spans lines. */
export function code(selection: Selection): Edit {
  const { value, start, end } = selection;
  const chosen = value.slice(start, end);
  if (!chosen.includes("\n")) return wrap(selection, "`", "code");
  const fence = "```";
  const text = `${fence}\n${chosen.replace(/\n$/, "")}\n${fence}\n`;
  return { from: start, to: end, text, start: start + fence.length, end: start + fence.length };
}

/** A block of its own at the caret, with blank lines where they are missing. */
export function block({ value, start, end }: Selection, text: string): Edit {
  const before = value.slice(0, start);
  const after = value.slice(end);
  const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  const at = start + lead.length + text.length + tail.length;
  return { from: start, to: end, text: lead + text + tail, start: at, end: at };
}
