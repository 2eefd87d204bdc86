// Highlights on the page of a story. This part only notices that they are needed: somebody selects words, or there are highlights to show.
import type { PassageList } from "@blog/api";
import { ask } from "./ask";
import { onReader, shownArticle } from "./reader";

const load = () => import("./highlights/marks");

export function highlights(): void {
  const prose = document.querySelector<HTMLElement>("[data-article] .prose");
  const article = shownArticle();
  if (!prose || !article) return;
  onReader(async ({ mine }) => {
    const kept = mine?.highlights;
    const answer = kept?.passages ? undefined : await ask<PassageList>(`/api/v1/articles/${article}/highlights`);
    const passages = kept?.passages ?? (answer?.ok ? answer.value.items : []);
    if (kept?.mine.length || passages.length > 0) (await load()).show(kept?.mine ?? [], passages);
  });
  let resting: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("selectionchange", () => {
    clearTimeout(resting);
    resting = setTimeout(async () => {
      const selection = getSelection();
      const isWords = selection && !selection.isCollapsed && prose.contains(selection.anchorNode);
      if (isWords || document.querySelector("[data-words]")) (await load()).selected();
    }, 200);
  });
}

/** The share menu, and the greeting of a gift link, come when they are asked for. */
export function giving(): void {
  document.querySelector("[data-share]")?.addEventListener("click", async ({ currentTarget }) => {
    const button = currentTarget;
    if (button instanceof HTMLElement) (await import("./highlights/share")).share(button);
  });
  if (shownArticle() && new URLSearchParams(location.search).has("gift")) void import("./highlights/gift").then(({ greet }) => greet());
}
