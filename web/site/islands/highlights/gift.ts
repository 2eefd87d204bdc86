// A reader came by a gift link: whose it is, over the story. The link leaves the address, so that it is not passed on by accident.
import type { OpenedGift } from "@blog/api";
import { highlights as words } from "@/messages/highlights";
import { ask } from "../ask";
import { shownArticle } from "../reader";
import { element, icon } from "./elements";

export async function greet(): Promise<void> {
  const address = new URL(location.href);
  const token = address.searchParams.get("gift") ?? "";
  address.searchParams.delete("gift");
  history.replaceState(history.state, "", address);
  const answer = await ask<OpenedGift>(`/api/v1/articles/${shownArticle()}/gift`, { method: "POST", body: { token } });
  if (!answer.ok) return;
  const { opens, from } = answer.value;
  const title = !opens ? words.gift.over : from ? words.gift.from(from.name) : words.gift.anonymous;
  const banner = element(
    "div",
    { class: "gift-banner", role: "note", lang: "en" },
    icon("gift"),
    element("p", {}, element("strong", {}, title), element("span", {}, opens ? words.gift.text : words.gift.overText)),
  );
  document.querySelector("[data-article]")?.prepend(banner);
}
