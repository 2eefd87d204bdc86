import type { EditorView } from "@tiptap/pm/view";
import { addressOf } from "@/lib/editor/link-cards";
import { cardOf, type Card } from "@/lib/my-links";
import { editor } from "@/messages/editor";

const words = editor.card;

/** Typed letter by letter, an address is many addresses. Milliseconds. */
const settles = 600;

/** What an address leads to, below it while it is edited. It cannot be followed here: a press would lead away from the story. */
export function drawCard(address: string, view: EditorView, position: () => number | undefined): HTMLElement {
  const box = document.createElement("div");
  box.className = "link-card";
  box.contentEditable = "false";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", words.label);
  box.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a")) event.preventDefault();
  });
  const ask = (again: boolean) => {
    show({ kind: "asking" });
    void cardOf(address, words.unreachable, again).then(show);
  };
  const show = (card: Card) => {
    const tools = row(button(words.again, () => ask(true)));
    switch (card.kind) {
      case "asking":
        return box.replaceChildren(line(words.asking));
      case "none":
        return box.replaceChildren(line(card.problem ? words.staysBecause(card.problem) : words.stays), tools);
      default: {
        const shown = document.createElement("div");
        shown.innerHTML = card.html;
        for (const link of shown.querySelectorAll("a, pre")) link.setAttribute("tabindex", "-1");
        const title = shown.querySelector("b")?.textContent ?? "";
        tools.append(button(words.plain, () => asLink(view, position(), title || address)));
        return box.replaceChildren(...shown.childNodes, tools);
      }
    }
  };
  show({ kind: "asking" });
  setTimeout(() => box.isConnected && ask(false), settles);
  return box;
}

/** The paragraph before this place says its title and leads to its address: an ordinary link, of which no card is made. */
function asLink(view: EditorView, end: number | undefined, title: string): void {
  if (end === undefined) return;
  const { state } = view;
  const paragraph = state.doc.resolve(end).nodeBefore;
  const href = paragraph && addressOf(paragraph);
  const link = state.schema.marks.link;
  if (!paragraph || !href || !link) return;
  const words = title === href ? href.replace(/^https?:\/\//, "") : title;
  view.dispatch(state.tr.replaceWith(end - paragraph.nodeSize + 1, end - 1, state.schema.text(words, [link.create({ href })])));
  view.focus();
}

function line(text: string): HTMLElement {
  const paragraph = document.createElement("p");
  paragraph.className = "meta";
  paragraph.setAttribute("role", "status");
  paragraph.textContent = text;
  return paragraph;
}

function row(...buttons: HTMLElement[]): HTMLElement {
  const paragraph = document.createElement("p");
  paragraph.className = "link-card-tools";
  paragraph.append(...buttons);
  return paragraph;
}

function button(text: string, press: () => void): HTMLElement {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "btn-text";
  one.textContent = text;
  one.addEventListener("click", press);
  return one;
}
