// That a story was opened, how far it was read, and the way back to where reading stopped. Loaded for readers who are signed in; nothing is sent while
// the history is paused (and nothing would be kept).
import type { MyReading } from "@blog/api";
import { find, quoteOf, tell, type Block } from "@/lib/place";
import { lists } from "@/messages/lists";
import { ask } from "./ask";

const words = lists.place;
/** How long the reader rests before the place is sent. */
const rest = 2_000;
/** What a story takes at least. */
const shortest = 5_000;
/** The reader's eye, as a share of the window's height. */
const eye = 0.3;
/** Less is the beginning, where everybody starts. */
const least = 0.04;

interface Seen {
  place: { anchor: string; block: number; quote: string; offset: number; fraction: number };
  at: number;
}

export function follow(article: string, { place, historyPaused }: MyReading): void {
  const prose = document.querySelector<HTMLElement>(".prose");
  if (!prose) return;
  const elements = [...prose.children].filter((child): child is HTMLElement => child instanceof HTMLElement);
  const blocks = elements.map((element): Block => ({ anchor: /^H[1-6]$/.test(element.tagName) ? element.id || null : null, quote: quoteOf(element.textContent ?? "") }));
  const open = place ? offer(prose, elements, blocks, place) : () => false;
  if (!historyPaused) record(article, prose, elements, blocks, open);
}

/** @param offered Whether the way back to the old place still stands open: a first look around does not replace it. */
function record(article: string, prose: HTMLElement, elements: readonly HTMLElement[], blocks: readonly Block[], offered: () => boolean): void {
  let unsent: Seen | undefined;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let finished = false;

  const send = async (leaving = false) => {
    clearTimeout(resting);
    if (!unsent) return;
    const { place, at } = unsent;
    unsent = undefined;
    const answer = await ask(`/api/v1/me/history/${article}`, { method: "PUT", body: { place, readAt: new Date(at).toISOString(), sentAt: new Date().toISOString() }, keepalive: leaving });
    // Nobody answered: the next place, or the network's return, sends it again.
    if (!answer.ok && answer.status === 0) unsent ??= { place, at };
  };
  const look = () => {
    if (finished || offered()) return;
    const place = placeNow(prose, elements, blocks);
    if (place.fraction < least) return;
    unsent = { place, at: Date.now() };
    finished = place.fraction === 1;
    clearTimeout(resting);
    resting = setTimeout(() => void send(), finished ? 0 : rest);
  };

  void ask(`/api/v1/me/history/${article}`, { method: "PUT", body: {} });
  // A story that is in sight as a whole is read without scrolling.
  setTimeout(() => {
    if (prose.getBoundingClientRect().bottom <= innerHeight) look();
  }, shortest);
  let waiting = false;
  addEventListener(
    "scroll",
    () => {
      if (!waiting)
        requestAnimationFrame(() => {
          waiting = false;
          look();
        });
      waiting = true;
    },
    { passive: true },
  );
  addEventListener("online", () => void send());
  addEventListener("pagehide", () => void send(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") void send(true);
  });
}

/** What is at the reader's eye; the end of the text in sight is the end. */
function placeNow(prose: HTMLElement, elements: readonly HTMLElement[], blocks: readonly Block[]): Seen["place"] {
  const line = innerHeight * eye;
  const whole = prose.getBoundingClientRect();
  let index = 0;
  for (let low = 0, high = elements.length - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    if ((elements[middle]?.getBoundingClientRect().top ?? 0) <= line) {
      index = middle;
      low = middle + 1;
    } else high = middle - 1;
  }
  const block = elements[index]?.getBoundingClientRect() ?? whole;
  const within = (top: number, height: number) => Math.min(1, Math.max(0, height > 0 ? (line - top) / height : 0));
  const fraction = whole.bottom <= innerHeight ? 1 : Math.min(0.96, within(whole.top, whole.height));
  return { ...tell(blocks, index), offset: within(block.top, block.height), fraction };
}

/** A small offer in a corner that nothing moves for; it goes when the reader reads on by themselves. */
function offer(prose: HTMLElement, elements: readonly HTMLElement[], blocks: readonly Block[], place: NonNullable<MyReading["place"]>): () => boolean {
  // Whoever came by a link into the text, or back by the browser's own way, is where they want to be.
  if (location.hash || scrollY > innerHeight / 2) return () => false;
  const go = document.createElement("button");
  go.type = "button";
  go.className = "btn";
  go.textContent = words.go;
  const share = document.createElement("span");
  share.className = "meta";
  share.textContent = words.share(place.fraction);
  go.append(share);
  const dismiss = document.createElement("button");
  dismiss.type = "button";
  dismiss.className = "btn btn-icon";
  dismiss.setAttribute("aria-label", words.dismiss);
  dismiss.textContent = "×";
  const chip = document.createElement("section");
  chip.className = "place-chip";
  chip.setAttribute("aria-label", words.label);
  chip.append(go, dismiss);

  const end = () => {
    chip.remove();
    removeEventListener("scroll", readOn);
  };
  const readOn = () => {
    if (scrollY > innerHeight * 1.5) end();
  };
  go.addEventListener("click", () => {
    end();
    const found = find(blocks, place);
    const element = found && elements[found.index];
    const box = (element ?? prose).getBoundingClientRect();
    const within = !element ? place.fraction : found.same ? place.offset : 0;
    scrollTo({ top: scrollY + box.top + within * box.height - innerHeight * eye });
    // Reading goes on there with the keyboard too.
    const target = element ?? prose;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  });
  dismiss.addEventListener("click", end);
  addEventListener("scroll", readOn, { passive: true });
  document.body.append(chip);
  return () => chip.isConnected;
}
