// Players of other sites: each comes when it is pressed, and until then nobody there learns who reads here.
import { reading } from "@/messages/reading";

const words = reading.player;

/** What a player may do in its frame. */
const allowed = "autoplay; encrypted-media; fullscreen; picture-in-picture";
const sandbox = "allow-scripts allow-same-origin allow-popups allow-presentation";

export function players(): void {
  for (const card of document.querySelectorAll<HTMLAnchorElement>("a.embed-player[data-frame]")) {
    const [title, site] = [card.querySelector("b")?.textContent ?? "", card.querySelector(".where")?.textContent ?? card.hostname];
    const hint = document.createElement("span");
    hint.className = "where";
    hint.textContent = words.hint(site.split(" · ").at(-1) ?? site);
    card.append(hint);
    card.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      play(card, title);
    });
  }
}

function play(card: HTMLAnchorElement, title: string): void {
  const frame = document.createElement("iframe");
  frame.className = "player";
  frame.title = words.title(title);
  frame.allow = allowed;
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.setAttribute("sandbox", sandbox);
  frame.style.aspectRatio = card.dataset.shape ?? "16/9";
  frame.src = card.dataset.frame ?? "";
  card.replaceWith(frame);
  frame.focus();
}
