// The page may have been made a while ago: how often the story was clapped for and answered by now.
import type { Counts } from "@blog/api";
import { shortCount } from "@/lib/counts";
import { clapping } from "@/messages/clap";
import { ask } from "./ask";
import { learnClaps } from "./claps";
import { onReader, shownArticle } from "./reader";

export function counts(): void {
  const article = shownArticle();
  if (!article) return;
  onReader(async ({ user, mine }) => {
    if (mine?.counts) return showResponses(mine.counts.responses);
    const answer = await ask<Counts>(`/api/v1/articles/${article}/counts`);
    if (!answer.ok) return;
    showResponses(answer.value.responses);
    if (!user) learnClaps(article, 0, answer.value.claps);
  });
}

/** Everywhere on the page where the number of responses stands. */
export function showResponses(count: number): void {
  for (const place of document.querySelectorAll("[data-response-count]")) place.textContent = count > 0 ? shortCount(count) : "";
  for (const link of document.querySelectorAll("[data-respond]")) link.setAttribute("aria-label", clapping.readResponses(count));
}
