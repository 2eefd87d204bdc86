// Bookmarks: <button data-save="article" data-url data-title>. For readers who are signed in the rest is loaded (saved.ts); everybody else is invited.
import { signInAddress } from "@/components/session-links";
import { lists } from "@/messages/lists";
import { onReader, whoReads } from "./reader";
import { toast } from "./toast";

export function saving(): void {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-save]") : null;
    if (!button) return;
    const { user } = await whoReads();
    if (user) (await import("./saved")).press(button);
    else toast(lists.save.signIn, { label: lists.save.signInWord, href: signInAddress(location.pathname + location.search) });
  });
  onReader(async ({ user, mine }) => {
    if (!user) return;
    if (document.querySelector("[data-save]")) (await import("./saved")).watch(mine);
    if (mine?.reading) (await import("./place")).follow(mine.articleId, mine.reading);
  });
}
