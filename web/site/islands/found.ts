// Results of a search are the same bytes for everyone. For whoever is signed in the same search is made once more as they may see it, and nothing
// that is not in it is shown. Asked at once, beside the question who reads: styles/search.css holds the list back until it is known.
import { ask } from "./ask";

interface AnyFound {
  items: readonly ({ article: { id: string } } | { person: { id: string } })[];
}

export async function found(): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-found]");
  if (!list || document.documentElement.dataset.session !== "in") return;
  const answer = await ask<AnyFound>(list.dataset.found ?? "");
  if (answer.ok) {
    const seen = new Set(answer.value.items.map((item) => ("article" in item ? item.article.id : item.person.id)));
    for (const item of list.querySelectorAll<HTMLElement>(":scope > [data-id]")) item.hidden = !seen.has(item.dataset.id ?? "");
  }
  list.dataset.settled = "";
}
