// Galleries and sizes: how they are written, and that the editor lays them out as the server does.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { getSchema } from "@tiptap/core";
import { EditorState, NodeSelection } from "@tiptap/pm/state";
import { rowsOf, shapeOf, sharesOf } from "@/lib/editor/gallery-rows";
import { Manuscript } from "@/lib/editor/manuscript";
import { chosenPicture, GalleryRules, joined, moved, resized, sizeOfChosen, takenOut } from "@/lib/editor/pictures";
import { content } from "@/lib/editor/schema";

const vectors = JSON.parse(readFileSync(new URL("../../../tests/vectors/galleries/rows.json", import.meta.url), "utf8")) as { pictures: [number, number][]; shapes: number[]; rows: number[] }[];
const schema = getSchema(content);
const address = (number: number) => `/media/018f0000-0000-7000-8000-00000000000${number}`;
const picture = (number: number, size = "") => `![${number}](${address(number)}${size})`;

/** An opened story, with the picture of a number selected. */
function opened(markdown: string, number: number) {
  const manuscript = new Manuscript(schema);
  const doc = manuscript.read(markdown);
  const plugins = GalleryRules.config.addProseMirrorPlugins?.call({} as never) ?? [];
  let state = EditorState.create({ doc, plugins });
  const select = (wanted: number) =>
    state.doc.descendants((node, position) => {
      if (node.type.name === "picture" && node.attrs.alt === String(wanted)) state = state.apply(state.tr.setSelection(NodeSelection.create(state.doc, position)));
    });
  select(number);
  return {
    select,
    get state() {
      return state;
    },
    run: (tr: ReturnType<typeof joined>) => void (tr && (state = state.apply(tr))),
    text: () => manuscript.write(state.doc),
  };
}

test("rows are those of the server, and fill the width", () => {
  for (const { pictures, shapes, rows } of vectors) {
    assert.deepEqual(pictures.map(([width, height]) => shapeOf(width, height)), shapes);
    assert.deepEqual(rowsOf(shapes), rows);
    assert.ok(Math.abs(sharesOf(shapes).reduce((sum, share) => sum + share, 0) - rows.length) < 1e-9);
  }
});

test("a gallery is opened and written as it was, and each of its pictures on a line when it was touched", () => {
  const text = `${picture(1, "#wide")}   ${picture(2)}\n${picture(3)}\n\nWords.\n`;
  const story = opened(text, 2);
  assert.equal(story.state.doc.child(0).type.name, "gallery");
  assert.equal(story.text(), text);
  assert.equal(sizeOfChosen(chosenPicture(story.state)!), "wide");
  story.run(resized(story.state, "full"));
  assert.equal(story.text(), `${picture(1, "#full")}\n${picture(2, "#full")}\n${picture(3, "#full")}\n\nWords.\n`);
  story.run(resized(story.state, "text"));
  assert.equal(story.text(), `${picture(1)}\n${picture(2)}\n${picture(3)}\n\nWords.\n`);
});

test("pictures from elsewhere, in links or beside words are no gallery", () => {
  for (const text of [`${picture(1)} and ${picture(2)}`, `${picture(1)} ![B](https://x.example/b.png)`, `[${picture(1)}](https://x.example/) ${picture(2)}`])
    assert.equal(new Manuscript(schema).read(text).child(0).type.name, "paragraph", text);
});

test("pictures come together, change places and part again", () => {
  const story = opened(`${picture(1)}\n\n${picture(2)}\n\n${picture(3)}\n`, 2);
  story.run(joined(story.state));
  assert.equal(story.text(), `${picture(1)}\n${picture(2)}\n\n${picture(3)}\n`);
  assert.equal(chosenPicture(story.state)?.node.attrs.alt, "2");
  story.select(3);
  story.run(joined(story.state));
  story.run(moved(story.state, -1));
  assert.equal(story.text(), `${picture(1)}\n${picture(3)}\n${picture(2)}\n`);
  assert.equal(moved(story.state, -1)?.doc.child(0).child(0).attrs.alt, "3");
  story.run(takenOut(story.state));
  assert.equal(story.text(), `${picture(1)}\n${picture(2)}\n\n${picture(3)}\n`);
  story.select(1);
  story.run(takenOut(story.state));
  assert.equal(story.state.doc.child(0).type.name, "picture", "one picture is no gallery");
  assert.equal(story.text(), `${picture(2)}\n\n${picture(1)}\n\n${picture(3)}\n`);
});
