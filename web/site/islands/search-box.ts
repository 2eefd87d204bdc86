// Suggestions while somebody types: WAI-ARIA's combobox with a list (APG, "Editable Combobox With List Autocomplete", manual selection). The field
// keeps the focus and its text; the arrows only choose what Enter opens. Without an answer there is no list, and the form searches as ever.
import type { FoundPiece, Suggestions } from "@blog/api";
import { initialsOf } from "@/lib/initials";
import { suggesting as words } from "@/messages/search";
import { ask } from "./ask";

/** Between two keys of somebody who is still typing. */
const pause = 120;
const mostKept = 50;

/** What is asked is different for whoever does not want to see somebody. */
const address = () => (document.documentElement.dataset.session === "in" ? "/api/v1/me/search/suggest" : "/api/v1/search/suggest");

type Child = Node | string;

function element(name: string, attributes: Record<string, string>, ...children: Child[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const marked = (pieces: readonly FoundPiece[]): Child[] => pieces.map(({ text, found }) => (found ? element("mark", { class: "found" }, text) : text));

export function suggestIn(input: HTMLInputElement): void {
  const place = input.parentElement?.querySelector<HTMLElement>("[data-search-list]");
  if (!place) return;
  const id = `${input.id}-list`;
  const list = element("div", { id, role: "listbox", class: "menu suggestions", "aria-label": words.suggestions, hidden: "" });
  const said = element("p", { class: "sr", role: "status" });
  place.append(list, said);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, "aria-haspopup": "listbox" })) input.setAttribute(name, value);

  const kept = new Map<string, Suggestions>();
  let options: HTMLElement[] = [];
  let active = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;

  const typed = () => input.value.trim();
  const isOpen = () => !list.hidden;

  function open(): void {
    if (options.length === 0) return;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close(): void {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    said.textContent = "";
    choose(-1);
  }

  function choose(index: number): void {
    options[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = options[active];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  async function suggest(): Promise<void> {
    const text = typed();
    if (!text) return close();
    asking?.abort();
    let answer = kept.get(text);
    if (!answer) {
      const { signal } = (asking = new AbortController());
      const told = await ask<Suggestions>(`${address()}?q=${encodeURIComponent(text)}`, { signal });
      // Typed on meanwhile, gone elsewhere, or nobody answers: a list would only be in the way.
      if (signal.aborted) return;
      if (!told.ok) return close();
      answer = told.value;
      if (kept.size >= mostKept) kept.clear();
      kept.set(text, answer);
    }
    draw(answer);
    if (options.length === 0 || document.activeElement !== input) return close();
    open();
    said.textContent = words.count(options.length);
  }

  function draw({ queries, topics, people, articles }: Suggestions): void {
    choose(-1);
    options = [];
    const option = (href: string, ...children: Child[]) => {
      const made = element("a", { role: "option", id: `${id}-${options.length}`, class: "menu-item", href, tabindex: "-1", "aria-selected": "false", dir: "auto" }, ...children);
      options.push(made);
      return made;
    };
    const group = (title: string, made: HTMLElement[]) => {
      if (made.length === 0) return [];
      const heading = element("p", { class: "menu-head", id: `${id}-${title}`, role: "presentation" }, title);
      return [element("div", { role: "group", "aria-labelledby": heading.id }, heading, ...made)];
    };
    list.replaceChildren(
      ...queries.filter((query) => query.toLowerCase() !== typed().toLowerCase()).map((query) => option(`/search?q=${encodeURIComponent(query)}`, element("span", { class: "suggested" }, query))),
      ...group(words.topics, topics.map(({ slug, name }) => option(`/topics/${encodeURIComponent(slug)}`, element("span", { class: "suggested" }, ...marked(name))))),
      ...group(words.people, people.map(({ person, name }) => option(`/@${person.handle}`, monogram(person.name), element("span", { class: "suggested" }, ...marked(name)), element("span", { class: "meta" }, `@${person.handle}`)))),
      ...group(words.stories, articles.map(({ article, title }) => option(article.url, element("span", { class: "suggested suggested-story" }, ...marked(title)), element("span", { class: "meta" }, article.author.name)))),
    );
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    // Half a syllable of an input method is not a word yet.
    if (event instanceof InputEvent && event.isComposing) return;
    timer = setTimeout(() => void suggest(), pause);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void suggest(), pause);
  });

  input.addEventListener("keydown", (event) => {
    // The key belongs to the input method (229: in browsers that say nothing else).
    if (event.isComposing || event.keyCode === 229) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) {
        if (options.length > 0 && kept.has(typed())) open();
        else return void suggest();
        if (event.altKey) return;
      }
      const step = key === "ArrowDown" ? 1 : -1;
      // Beyond either end is the field itself.
      const next = active === -1 && step === -1 ? options.length - 1 : active + step;
      choose(next >= options.length ? -1 : next);
    } else if (key === "Enter" && isOpen() && options[active]) {
      event.preventDefault();
      options[active]?.click();
    } else if (key === "Escape" && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (key === "Home" || key === "End" || key === "ArrowLeft" || key === "ArrowRight") choose(-1);
    else if (key === "Tab") close();
  });
  input.addEventListener("blur", close);
  // A press must not take the focus, or the list would be gone before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.form?.addEventListener("submit", (event) => {
    if (!typed()) event.preventDefault();
  });
  addEventListener("pageshow", close);
  if (document.activeElement === input && typed() && input.defaultValue !== input.value) void suggest();
}

function monogram(name: string): HTMLElement {
  return element("span", { class: "avatar avatar-s", "aria-hidden": "true" }, initialsOf(name));
}
