// What can be done with the picture or the gallery that is selected: how wide it is, and what stands beside it.
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { NodeSelection, Plugin, TextSelection, type EditorState, type Transaction } from "@tiptap/pm/state";
import { sizeOf, withSize, type PictureSize } from "./schema";

export interface Chosen {
  position: number;
  node: Node;
  /** The gallery it stands in, or is. */
  gallery: { position: number; node: Node } | null;
  /** Its place in the gallery; 0 for one that stands alone. */
  index: number;
}

const isPicture = (node: Node | null | undefined): node is Node => node?.type.name === "picture";
const isGallery = (node: Node | null | undefined): node is Node => node?.type.name === "gallery";

/** The selected picture, or the selected gallery with its first. */
export function chosenPicture({ selection }: EditorState): Chosen | null {
  if (!(selection instanceof NodeSelection)) return null;
  const { node, from, $from } = selection;
  if (isGallery(node)) return { position: from + 1, node: node.child(0), gallery: { position: from, node }, index: 0 };
  if (!isPicture(node)) return null;
  return { position: from, node, gallery: isGallery($from.parent) ? { position: $from.before(), node: $from.parent } : null, index: isGallery($from.parent) ? $from.index() : 0 };
}

const pictures = ({ gallery, node, position }: Chosen): { node: Node; position: number }[] =>
  gallery ? gallery.node.children.map((child, index, all) => ({ node: child, position: gallery.position + 1 + all.slice(0, index).reduce((sum, one) => sum + one.nodeSize, 0) })) : [{ node, position }];

const rank: readonly PictureSize[] = ["text", "wide", "full"];

/** The widest of a gallery says how wide all of it is. */
export const sizeOfAll = (all: readonly Node[]): PictureSize => all.map(({ attrs }) => sizeOf(attrs.src as string)).reduce((one, other) => (rank.indexOf(one) > rank.indexOf(other) ? one : other), "text");

export const sizeOfChosen = (chosen: Chosen): PictureSize => sizeOfAll(pictures(chosen).map(({ node }) => node));

export function resized(state: EditorState, size: PictureSize): Transaction {
  const chosen = chosenPicture(state);
  const tr = state.tr;
  for (const { node, position } of chosen ? pictures(chosen) : []) tr.setNodeMarkup(position, undefined, { ...node.attrs, src: withSize(node.attrs.src as string, size) });
  return kept(tr, chosen?.position);
}

/** Puts the picture into one gallery with what stands before it, or else after it; null where neither is a picture. */
export function joined(state: EditorState): Transaction | null {
  const chosen = chosenPicture(state);
  const { gallery: type } = state.schema.nodes;
  if (!chosen || chosen.gallery || !type) return null;
  const $at = state.doc.resolve(chosen.position);
  const [before, after] = [$at.nodeBefore, state.doc.resolve(chosen.position + chosen.node.nodeSize).nodeAfter];
  const inside = (node: Node) => (isGallery(node) ? node.children : [node]);
  if (isPicture(before) || isGallery(before)) {
    const start = chosen.position - before.nodeSize;
    const tr = state.tr.replaceWith(start, chosen.position + chosen.node.nodeSize, type.create(null, [...inside(before), chosen.node]));
    return kept(tr, start + 1 + inside(before).reduce((sum, one) => sum + one.nodeSize, 0));
  }
  if (!isPicture(after) && !isGallery(after)) return null;
  const tr = state.tr.replaceWith(chosen.position, chosen.position + chosen.node.nodeSize + after.nodeSize, type.create(null, [chosen.node, ...inside(after)]));
  return kept(tr, chosen.position + 1);
}

/** One place on in the gallery, or back; null at its ends. */
export function moved(state: EditorState, by: 1 | -1): Transaction | null {
  const chosen = chosenPicture(state);
  const other = chosen?.gallery?.node.maybeChild(chosen.index + by);
  if (!chosen?.gallery || !other) return null;
  const start = by < 0 ? chosen.position - other.nodeSize : chosen.position;
  const pair = by < 0 ? [chosen.node, other] : [other, chosen.node];
  const tr = state.tr.replaceWith(start, start + chosen.node.nodeSize + other.nodeSize, pair);
  return kept(tr, by < 0 ? start : start + other.nodeSize);
}

/** Out of the gallery, to stand alone behind it. */
export function takenOut(state: EditorState): Transaction | null {
  const chosen = chosenPicture(state);
  if (!chosen?.gallery) return null;
  const { gallery, position, node } = chosen;
  const tr = state.tr.delete(position, position + node.nodeSize);
  const behind = tr.mapping.map(gallery.position + gallery.node.nodeSize);
  return kept(tr.insert(behind, node), behind);
}

function kept(tr: Transaction, position: number | undefined): Transaction {
  return position === undefined || !isPicture(tr.doc.nodeAt(position)) ? tr : tr.setSelection(NodeSelection.create(tr.doc, position));
}

/** One picture is no gallery; Enter leaves one. */
export const GalleryRules = Extension.create({
  name: "galleryRules",
  priority: 200,
  addProseMirrorPlugins: () => [
    new Plugin({
      appendTransaction(transactions, _, { doc, tr, selection }) {
        if (!transactions.some(({ docChanged }) => docChanged)) return null;
        const alone: { node: Node; position: number }[] = [];
        doc.forEach((node, position) => void (isGallery(node) && node.childCount === 1 && alone.push({ node, position })));
        for (const { node, position } of alone.reverse()) tr.replaceWith(position, position + node.nodeSize, node.child(0));
        if (alone.length === 0) return null;
        return selection instanceof NodeSelection ? kept(tr, tr.mapping.map(selection.from, -1)) : tr;
      },
    }),
  ],
  addKeyboardShortcuts: () => ({
    Enter: ({ editor: { state, view } }) => {
      const chosen = chosenPicture(state);
      const { paragraph } = state.schema.nodes;
      if (!chosen?.gallery || !paragraph) return false;
      const after = chosen.gallery.position + chosen.gallery.node.nodeSize;
      const tr = state.tr.insert(after, paragraph.create());
      view.dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
      return true;
    },
  }),
});
