// How pictures and galleries look while one writes.
import type { Node } from "@tiptap/pm/model";
import { NodeSelection } from "@tiptap/pm/state";
import { ratioOf, rowsOf, shapeOf, sharesOf } from "@/lib/editor/gallery-rows";
import { sizeOfAll } from "@/lib/editor/pictures";
import { Gallery, InlinePicture, Picture, sizeOf, type PictureSize } from "@/lib/editor/schema";
import { editor as words } from "@/messages/editor";
import { follow, leaves, make, setting } from "./views";

/** A look at the files of pictures on their way. */
export interface Pictures {
  preview(source: string): { name: string; url: string } | undefined;
}

const isOurs = (source: string) => /^\/(?!\/)/.test(source);

function widen(element: HTMLElement, size: PictureSize): void {
  element.classList.toggle("wide", size === "wide");
  element.classList.toggle("full", size === "full");
}

export const pictureView = (pictures: Pictures) =>
  Picture.extend({
    addNodeView: () => (props) => {
      const set = setting(props);
      const frame = make("div", { className: "picture-frame", contentEditable: "false" });
      const alt = make("input", { ariaLabel: words.picture.alt, placeholder: words.picture.altHint, maxLength: 400 });
      const caption = make("input", { ariaLabel: words.picture.caption, placeholder: words.picture.captionHint, maxLength: 400 });
      alt.addEventListener("change", () => set({ alt: alt.value.trim() }));
      caption.addEventListener("change", () => set({ title: caption.value.trim() || null }));
      leaves(alt, props);
      leaves(caption, props);
      const tail = make("figcaption", { contentEditable: "false", className: "picture-words" }, caption, alt);
      const dom = make("figure", { className: "picture-block" }, frame, tail);
      // Whose words are being written is the picture that the tools are for.
      tail.addEventListener("focusin", () => {
        const position = props.getPos();
        const { state, view } = props.editor;
        if (position !== undefined && state.selection.from !== position) view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, position)));
      });
      let shown: string | undefined;
      const draw = ({ attrs }: Node) => {
        const address = attrs.src as string;
        const source = address.replace(/#.*$/, "");
        const onWay = source.startsWith("uploading:");
        if (!onWay && document.activeElement !== alt) alt.value = attrs.alt as string;
        if (document.activeElement !== caption) caption.value = (attrs.title as string | null) ?? "";
        tail.hidden = onWay;
        alt.classList.toggle("missing", !attrs.alt);
        widen(dom, sizeOf(address));
        if (shown === source) {
          const picture = frame.querySelector("img");
          if (picture) picture.alt = attrs.alt as string;
          return;
        }
        shown = source;
        const look = onWay ? pictures.preview(source) : undefined;
        const picture = (src: string, description: string) => {
          const image = make("img", { src, alt: description });
          image.addEventListener("load", () => image.dispatchEvent(new Event("shaped", { bubbles: true })));
          return image;
        };
        frame.classList.toggle("on-way", onWay);
        if (look) frame.replaceChildren(picture(look.url, ""), make("p", { className: "meta" }, words.picture.uploading(look.name)));
        else if (isOurs(source)) frame.replaceChildren(picture(source, attrs.alt as string));
        else frame.replaceChildren(make("p", { className: "meta" }, words.picture.elsewhere), make("p", {}, source));
      };
      draw(props.node);
      return {
        ...follow({ dom }, props.node.type, draw),
        stopEvent: ({ target }) => tail.contains(target as globalThis.Node),
        ignoreMutation: ({ type, target }) => type !== "selection" || tail.contains(target),
      };
    },
  });

/** Rows as readers will see them, as soon as the shapes of the pictures are known. */
export const GalleryView = Gallery.extend({
  addNodeView: () => (props) => {
    const dom = make("div", { className: "gallery gallery-draft" });
    dom.setAttribute("role", "group");
    const layOut = () => {
      const figures = [...dom.children].filter((child) => child instanceof HTMLElement);
      const images = figures.map((figure) => figure.querySelector("img"));
      const shapes = images.map((image) => (image?.naturalWidth ? shapeOf(image.naturalWidth, image.naturalHeight) : 0));
      const rows = rowsOf(shapes).flatMap((count) => Array.from({ length: count }, () => count));
      sharesOf(shapes).forEach((share, index) => {
        figures[index]?.style.setProperty("--share", String(share));
        figures[index]?.style.setProperty("--gaps", String((rows[index] ?? 1) - 1));
        images[index]?.style.setProperty("aspect-ratio", String(ratioOf(shapes[index] ?? 0)));
      });
    };
    dom.addEventListener("shaped", layOut);
    const draw = (node: Node) => {
      dom.ariaLabel = words.picture.gallery(node.childCount);
      widen(dom, sizeOfAll(node.children));
      // The pictures are drawn after this.
      queueMicrotask(layOut);
    };
    draw(props.node);
    return { ...follow({ dom, contentDOM: dom }, props.node.type, draw), ignoreMutation: ({ type }) => type === "attributes" };
  },
});

/** Pictures among words are shown where they are the site's own. */
export const InlinePictureView = InlinePicture.extend({
  addNodeView: () => (props) => {
    const { src, alt } = props.node.attrs as { src: string; alt: string };
    const dom = isOurs(src) ? make("img", { src, alt }) : make("span", { className: "raw-inline", contentEditable: "false" }, alt || src || words.picture.elsewhere);
    return { dom };
  },
});
