// Which lists a story is on: each change takes effect at once. Loaded when it is first opened.
import type { AddedListItem, MyReadingList, MyReadingLists, RemovedListItem } from "@blog/api";
import { lists } from "@/messages/lists";
import { ask } from "./ask";
import { learn, listsOf } from "./saved";

const words = lists.panel;

let dialog: HTMLDialogElement | undefined;

function element<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function open(from: HTMLButtonElement): void {
  dialog?.remove();
  const article = from.dataset.save ?? "";
  const title = element("h2", { id: "save-to", class: "dialog-title" }, words.title);
  const about = element("p", { class: "meta" }, from.dataset.title ?? "");
  const trouble = element("p", { class: "error", role: "alert", hidden: "" });
  const rows = element("div", { class: "save-rows", role: "group", "aria-labelledby": "save-to", "aria-busy": "true" }, element("p", { class: "meta" }, words.loading));
  const done = element("button", { class: "btn btn-main", type: "button" }, words.done);
  const shown = (dialog = element("dialog", { class: "dialog save-panel", "aria-labelledby": "save-to" }, title, about, trouble, rows, newList(), element("p", { class: "row ends" }, element("a", { class: "btn-text", href: "/me/lists" }, words.all), done)));
  document.body.append(shown);
  done.addEventListener("click", () => shown.close());
  shown.addEventListener("click", (event) => {
    if (event.target === shown) shown.close(); // beside it
  });
  shown.addEventListener("close", () => {
    shown.remove();
    from.focus();
  });
  shown.showModal();
  void load();

  async function load(): Promise<void> {
    const answer = await ask<MyReadingLists>("/api/v1/me/lists?pageSize=100");
    rows.removeAttribute("aria-busy");
    if (!answer.ok) {
      const again = element("button", { class: "btn btn-line", type: "button" }, words.again);
      again.addEventListener("click", () => void load());
      rows.replaceChildren(element("p", { class: "meta" }, words.failed), again);
      return;
    }
    rows.replaceChildren(...answer.value.items.map(row));
  }

  function row(list: MyReadingList): HTMLElement {
    const box = element("input", { type: "checkbox" });
    const name = element("span", {}, list.name);
    const meta = element("span", { class: "meta" }, `${lists.visibility[list.visibility]} · ${lists.stories(list.itemCount)}`);
    // Saved a moment ago without a network: it will be on the Reading list.
    box.checked = listsOf(article).has(list.id) || (list.isDefault && listsOf(article).has("reading-list"));
    box.addEventListener("change", async () => {
      const on = box.checked;
      mark(list.id, on);
      const path = `/api/v1/me/lists/${list.id}/items/${article}`;
      const answer = on ? await ask<AddedListItem | null>(path, { method: "PUT", body: {}, meanwhile: null }) : await ask<RemovedListItem | null>(path, { method: "DELETE", meanwhile: null });
      trouble.hidden = answer.ok;
      if (answer.ok) {
        if (answer.value) meta.textContent = `${lists.visibility[list.visibility]} · ${lists.stories(answer.value.list.itemCount)}`;
        return;
      }
      box.checked = !on;
      mark(list.id, !on);
      trouble.textContent = (answer.status < 500 && answer.problem.detail) || lists.save.failed;
    });
    return element("label", { class: "save-row" }, box, element("span", {}, name, meta));
  }

  function mark(list: string, on: boolean): void {
    const next = new Set(listsOf(article));
    next.delete("reading-list");
    if (on) next.add(list);
    else next.delete(list);
    learn(article, next);
  }

  function newList(): HTMLElement {
    const input = element("input", { class: "input", "aria-label": words.name, placeholder: words.name, maxlength: "100", required: "" });
    const form = element("form", { class: "save-new", hidden: "" }, input, element("button", { class: "btn btn-line", type: "submit" }, words.make));
    const begin = element("button", { class: "btn btn-bare", type: "button", "aria-expanded": "false" }, `+ ${words.create}`);
    begin.addEventListener("click", () => {
      form.hidden = false;
      begin.hidden = true;
      input.focus();
    });
    let key = crypto.randomUUID();
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const made = await ask<MyReadingList>("/api/v1/me/lists", { method: "POST", body: { name: input.value }, key });
      trouble.hidden = made.ok;
      if (!made.ok) {
        trouble.textContent = (made.status > 0 && made.status < 500 && made.problem.detail) || lists.save.failed;
        if (made.status > 0) key = crypto.randomUUID();
        return;
      }
      key = crypto.randomUUID();
      const added = row(made.value);
      rows.append(added);
      added.querySelector("input")?.click();
      input.value = "";
      form.hidden = true;
      begin.hidden = false;
      begin.focus();
    });
    return element("div", {}, begin, form);
  }
}
