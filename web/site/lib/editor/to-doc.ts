// From Markdown's tree to the rich editor's nodes.
import type { Mark, Node, Schema } from "@tiptap/pm/model";
import type { Image, Nodes, PhrasingContent, Table } from "mdast";
import { isLoose } from "./syntax";

/** What surrounds words, in the order in which it does unless Markdown says otherwise. */
export const markNames = { link: "link", linkReference: "link", emphasis: "italic", strong: "bold", delete: "strike" } as const;
export const usualOrder: readonly string[] = ["link", "italic", "bold", "strike"];

type Holder = Extract<PhrasingContent, { type: keyof typeof markNames }>;

/** The node of one block, or null where the editor has none for something in it. */
export function toNode(schema: Schema, block: Nodes): Node | null {
  try {
    return new Builder(schema).block(block);
  } catch (problem) {
    if (problem instanceof Unrepresentable || problem instanceof RangeError) return null;
    throw problem;
  }
}

class Unrepresentable extends Error {}

class Builder {
  readonly #schema: Schema;

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  block(node: Nodes): Node {
    switch (node.type) {
      case "paragraph":
        return this.#paragraph(node.children);
      case "gallery":
        return this.#make("gallery", null, node.children.map((picture) => this.#picture(picture)));
      case "heading":
        return this.#make("heading", { level: node.depth }, this.#inline(node.children));
      case "blockquote":
        return this.#make("blockquote", null, this.#blocks(node.children));
      case "callout":
        return this.#make("callout", { kind: node.kind }, this.#blocks(node.children));
      case "list":
        return this.#make(
          node.ordered ? "orderedList" : "bulletList",
          { loose: isLoose(node), marker: node.data?.marker ?? null, ...(node.ordered ? { start: node.start ?? 1 } : {}) },
          node.children.map((item) => this.#make("listItem", { checked: item.checked ?? null }, this.#blocks(item.children))),
        );
      case "code":
        return this.#make("codeBlock", { info: [node.lang, node.meta].filter(Boolean).join(" ") }, node.value ? [this.#schema.text(node.value)] : []);
      case "math":
        return this.#make("formulaBlock", null, node.value ? [this.#schema.text(node.value)] : []);
      case "thematicBreak":
        return this.#make("horizontalRule", null, []);
      case "table":
        return this.#table(node);
      case "footnoteDefinition":
        return this.#make("footnoteDefinition", { label: node.label ?? node.identifier }, this.#blocks(node.children));
      case "definition":
        return this.#make("linkDefinition", { label: node.label ?? node.identifier, url: node.url, title: node.title ?? null }, []);
      case "html":
        return this.raw(node.value);
      default:
        throw new Unrepresentable(node.type);
    }
  }

  raw(source: string): Node {
    return this.#make("rawBlock", null, source ? [this.#schema.text(source)] : []);
  }

  #make(type: string, attributes: Record<string, unknown> | null, children: Node[]): Node {
    const made = this.#schema.nodes[type]?.createChecked(attributes, children);
    if (!made) throw new Unrepresentable(type);
    return made;
  }

  /** What must not be empty holds an empty paragraph. */
  #blocks(nodes: readonly Nodes[]): Node[] {
    return nodes.length > 0 ? nodes.map((node) => this.block(node)) : [this.#make("paragraph", null, [])];
  }

  #picture({ url, alt, title }: Image): Node {
    return this.#make("picture", { src: url, alt: alt ?? "", title: title ?? null }, []);
  }

  #paragraph(children: readonly PhrasingContent[]): Node {
    const [only] = children;
    if (children.length === 1 && only?.type === "image") return this.#picture(only);
    return this.#make("paragraph", null, this.#inline(children));
  }

  #table({ align, children: rows, data }: Table): Node {
    if (data?.uncertain) throw new Unrepresentable("table");
    const width = rows[0]?.children.length ?? 0;
    return this.#make(
      "table",
      null,
      rows.map((row, index) =>
        this.#make(
          "tableRow",
          null,
          Array.from({ length: width }, (_, column) =>
            this.#make(index === 0 ? "tableHeader" : "tableCell", { align: align?.[column] ?? null }, [this.#make("paragraph", null, this.#inline(row.children[column]?.children ?? []))]),
          ),
        ),
      ),
    );
  }

  #inline(nodes: readonly PhrasingContent[], around: readonly Holder[] = []): Node[] {
    return nodes.flatMap((node) => (node.type in markNames ? this.#held(node as Holder, around) : this.#leaf(node, this.#marks(around))));
  }

  #held(node: Holder, around: readonly Holder[]): Node[] {
    // The same mark twice around the same words says nothing here.
    if (around.some((outer) => markNames[outer.type] === markNames[node.type]) || node.children.length === 0 || (node.type === "link" && node.data?.uncertain)) throw new Unrepresentable(node.type);
    return this.#inline(node.children, [...around, node]);
  }

  #marks(around: readonly Holder[]): Mark[] {
    const order = around.map(({ type }) => usualOrder.indexOf(markNames[type]));
    const unusual = order.some((rank, index) => index > 0 && rank < (order[index - 1] ?? 0));
    return around.map((holder, depth) => {
      const attributes =
        holder.type === "link"
          ? { href: holder.url, title: holder.title ?? null }
          : holder.type === "linkReference"
            ? { href: "#", reference: { label: holder.label ?? holder.identifier, type: holder.referenceType } }
            : {};
      const type = this.#schema.marks[markNames[holder.type]];
      if (!type) throw new Unrepresentable(holder.type);
      return type.create({ ...attributes, nest: unusual ? depth : null });
    });
  }

  #leaf(node: PhrasingContent, marks: Mark[]): Node[] {
    const { nodes, marks: known } = this.#schema;
    const atom = (type: string, attributes: Record<string, unknown>) => {
      const made = nodes[type]?.create(attributes, null, marks);
      if (!made) throw new Unrepresentable(type);
      return [made];
    };
    switch (node.type) {
      case "text":
        return this.#text(node.value, marks);
      case "inlineCode":
        return node.value && known.code ? [this.#schema.text(node.value, [...marks, known.code.create()])] : [];
      case "formula":
        return known.formula ? [this.#schema.text(node.value, [...marks, known.formula.create({ display: node.display })])] : [];
      case "break":
        return atom("hardBreak", {});
      case "html":
        return /^<br\s*\/?>$/i.test(node.value) ? atom("hardBreak", { html: node.value }) : atom("rawInline", { source: node.value });
      case "image":
        return atom("image", { src: node.url, alt: node.alt ?? "", title: node.title ?? null });
      case "imageReference":
        return atom("image", { src: "", alt: node.alt ?? "", reference: { label: node.label ?? node.identifier, type: node.referenceType } });
      case "footnoteReference":
        return atom("footnoteReference", { label: node.label ?? node.identifier });
      default:
        throw new Unrepresentable(node.type);
    }
  }

  #text(value: string, marks: Mark[]): Node[] {
    const { wrap } = this.#schema.marks;
    return value.split("\n").flatMap((line, index) => [
      ...(index > 0 && wrap ? [this.#schema.text(" ", [...marks, wrap.create()])] : []),
      ...(line ? [this.#schema.text(line, marks)] : []),
    ]);
  }
}
