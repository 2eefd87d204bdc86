// Sharing a story, a passage of it, or a gift link: the system's share sheet where there is one, the clipboard, a mail. No third party.
import type { NewGift } from "@blog/api";
import { signInAddress } from "@/components/session-links";
import { highlights as words } from "@/messages/highlights";
import { ask } from "../ask";
import { shownArticle, whoReads } from "../reader";
import { toast } from "../toast";
import { button, element, isNarrow, page } from "./elements";

const canonical = () => document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href.split(/[?#]/)[0] ?? location.href;

async function copy(address: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(address);
    toast(done);
  } catch {
    // Without a clipboard the address itself is the message.
    toast(address);
  }
}

/** The words with a link that scrolls to them. */
export async function shareQuote(quote: string, address: string): Promise<void> {
  if (typeof navigator.share === "function" && isNarrow()) await navigator.share({ text: words.quoted(quote), url: address }).catch(() => undefined);
  else await copy(address, words.share.quoteCopied);
}

let menu: HTMLElement | undefined;

function close(returning?: HTMLElement): void {
  menu?.remove();
  menu = undefined;
  for (const opener of document.querySelectorAll("[data-share]")) opener.setAttribute("aria-expanded", "false");
  returning?.focus();
}

/** The menu under the share button. */
export function share(opener: HTMLElement): void {
  if (menu) return close(opener);
  const item = (label: string, act: () => void, name: "link" | "mail" | "gift" | "share") =>
    button(label, () => {
      close(opener);
      act();
    }, name, "menu-item");
  menu = element(
    "div",
    { class: "menu share-menu", role: "group", "aria-label": words.share.label },
    item(words.share.copy, () => void copy(canonical(), words.share.copied), "link"),
    item(words.share.mail, () => (location.href = `mailto:?subject=${encodeURIComponent(document.title)}&body=${encodeURIComponent(canonical())}`), "mail"),
    item(words.share.gift, () => void give(), "gift"),
    typeof navigator.share === "function" ? item(words.share.more, () => void navigator.share({ title: document.title, url: canonical() }).catch(() => undefined), "share") : undefined,
  );
  opener.setAttribute("aria-expanded", "true");
  page().append(menu);
  if (!isNarrow()) {
    const { right, bottom } = opener.getBoundingClientRect();
    menu.style.top = `${scrollY + bottom + 4}px`;
    menu.style.left = `${Math.max(8, right - menu.offsetWidth)}px`;
  }
  menu.querySelector("button")?.focus();
  const away = (event: Event) => {
    if (event instanceof KeyboardEvent && event.key !== "Escape") return;
    if (event.type === "pointerdown" && event.target instanceof Node && (menu?.contains(event.target) || opener.contains(event.target))) return;
    document.removeEventListener("keydown", away);
    document.removeEventListener("pointerdown", away);
    if (menu) close(event instanceof KeyboardEvent ? opener : undefined);
  };
  document.addEventListener("keydown", away);
  document.addEventListener("pointerdown", away);
}

async function give(): Promise<void> {
  const { user } = await whoReads();
  if (!user) return toast(words.share.giftSignIn, { label: words.signInAction, href: signInAddress(location.pathname + location.search) });
  const answer = await ask<NewGift>("/api/v1/me/gifts", { method: "POST", body: { articleId: shownArticle() } });
  if (!answer.ok || !answer.value.gift.url) return toast((!answer.ok && answer.status < 500 && answer.problem.detail) || words.share.failed);
  await copy(new URL(answer.value.gift.url, location.origin).href, words.share.giftCopied(answer.value.left));
}
