// A page is the same bytes for everyone, and nobody is led away from what they opened; but the language a person reads best stands out.
import { betterFor } from "@/lib/languages";
import { translations as words } from "@/messages/translations";

export function languages(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".languages a")];
  const current = document.querySelector<HTMLElement>(".languages [data-language]")?.dataset.language;
  if (links.length === 0 || !current) return;
  const better = betterFor(navigator.languages, current, links.map(({ hreflang }) => hreflang));
  const link = links.find(({ hreflang }) => hreflang === better);
  link?.classList.add("yours");
  if (link) link.title = words.yours;
}
