// What is saved, and saving it. Loaded for readers who are signed in, on pages with bookmarks.
import type { AddedListItem, MyReader, RemovedListItem, SavedArticles } from "@blog/api";
import { lists } from "@/messages/lists";
import { ask } from "./ask";
import type { SavedEvent } from "./offline";
import { toast } from "./toast";

const words = lists.save;
/** What one request may ask for. */
const most = 100;

/** The lists of each article, as far as it is known. */
const known = new Map<string, ReadonlySet<string>>();

export const listsOf = (article: string): ReadonlySet<string> => known.get(article) ?? new Set();

/** An article is on these lists from now on; every bookmark of it shows so, and whoever keeps stories on the device is told. */
export function learn(article: string, on: ReadonlySet<string>, tell = true): void {
  const was = listsOf(article).size > 0;
  known.set(article, on);
  draw(article);
  const url = buttonsOf(article)[0]?.dataset.url;
  if (tell && url && was !== on.size > 0) document.dispatchEvent(new CustomEvent<SavedEvent>("blog:saved", { detail: { articleId: article, url, saved: on.size > 0 } }));
}

const buttonsOf = (article: string) => [...document.querySelectorAll<HTMLButtonElement>(`[data-save="${CSS.escape(article)}"]`)];

function draw(article: string): void {
  const on = listsOf(article).size > 0;
  for (const button of buttonsOf(article)) {
    button.classList.toggle("on", on);
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-label", (on ? words.change : words.save)(button.dataset.title ?? ""));
    const word = button.querySelector(".word");
    if (word) word.textContent = on ? words.saved : words.word;
  }
}

/** Asks once for all bookmarks on the page, and again for those that come later. */
export function watch(mine: MyReader | null): void {
  if (mine?.reading) learn(mine.articleId, new Set(mine.reading.listIds), false);
  void askForNew();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  new MutationObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void askForNew(), 100);
  }).observe(document.body, { childList: true, subtree: true });
}

const asked = new Set<string>();

async function askForNew(): Promise<void> {
  const present = new Set([...document.querySelectorAll<HTMLElement>("[data-save]")].map((button) => button.dataset.save ?? ""));
  const ids: string[] = [];
  for (const id of present) {
    if (known.has(id)) draw(id);
    else if (!asked.has(id)) ids.push(id);
  }
  for (const id of ids) asked.add(id);
  for (let from = 0; from < ids.length; from += most) {
    const answer = await ask<SavedArticles>(`/api/v1/me/saved?ids=${ids.slice(from, from + most).join(",")}`);
    if (answer.ok) for (const { articleId, listIds } of answer.value.items) if (!known.has(articleId)) learn(articleId, new Set(listIds), false);
  }
}

/** One press saves; pressing what is saved lets choose the lists. */
export function press(button: HTMLButtonElement): void {
  const article = button.dataset.save ?? "";
  if (listsOf(article).size > 0) void choose(button);
  else void save(button, article);
}

/** Stands for the Reading list until its id is known. */
const readingList = "reading-list";

async function save(button: HTMLButtonElement, article: string): Promise<void> {
  learn(article, new Set([readingList]));
  const answer = await ask<AddedListItem | null>(`/api/v1/me/saved/${article}`, { method: "PUT", meanwhile: null });
  if (!answer.ok) {
    learn(article, new Set());
    return toast((answer.status < 500 && answer.problem.detail) || words.failed);
  }
  if (!answer.value) return; // It waits for a network, and that is said already.
  const { list } = answer.value;
  learn(article, new Set([list.id]), false);
  toast(words.done(list.name), [
    { label: words.undo, act: () => void unsave(article) },
    { label: words.choose, act: () => void choose(button) },
  ]);
}

async function unsave(article: string): Promise<void> {
  const before = listsOf(article);
  learn(article, new Set());
  const answer = await ask<RemovedListItem | null>(`/api/v1/me/saved/${article}`, { method: "DELETE", meanwhile: null });
  if (!answer.ok) {
    learn(article, before);
    return toast(words.failed);
  }
  if (answer.value) toast(words.removed(answer.value.list.name));
}

async function choose(button: HTMLButtonElement): Promise<void> {
  (await import("./save-panel")).open(button);
}
