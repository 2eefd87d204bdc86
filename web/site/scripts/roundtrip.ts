// For ./blog bench markdown-roundtrip: takes texts as JSON lines ({name, markdown}), adds the examples of the specifications, and says what the rich editor makes of each:
// as it was read and saved, and with every block written anew as if somebody had touched it.
import { createInterface } from "node:readline";
import { getSchema } from "@tiptap/core";
import { Manuscript } from "../lib/editor/manuscript";
import { content } from "../lib/editor/schema";
import { commonMark, edges, gfm, type Example } from "../tests/markdown/examples";

const schema = getSchema(content);

function answer(kind: string, { name, markdown }: Example): void {
  const saved = new Manuscript(schema);
  const untouched = saved.write(saved.read(markdown));
  const { text: rewritten, blocks, raw } = new Manuscript(schema).rewrite(markdown);
  console.log(JSON.stringify({ kind, name, markdown, untouched, rewritten, blocks, raw }));
}

for (const example of [...commonMark(), ...gfm()]) answer("example", example);
for (const example of edges()) answer("edge", example);
for await (const line of createInterface({ input: process.stdin })) answer("post", JSON.parse(line) as Example);
