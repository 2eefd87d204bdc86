// What was saved on another device comes to this one too: the Reading list, newest first, as far as the device keeps it.
import type { MyListItems, MyReadingLists } from "@blog/api";
import { ask } from "./ask";

/** How long what is kept is taken as true, milliseconds. */
const every = 10 * 60_000;
/** The worker keeps no more (worker/shelf.ts). */
const most = 200;
const asked = "shelf-asked";

export async function reconcile(worker: ServiceWorker, person: string): Promise<void> {
  if (!navigator.onLine || Date.now() - lastAsked(person) < every) return;
  const lists = await ask<MyReadingLists>("/api/v1/me/lists?pageSize=1");
  const own = lists.ok ? lists.value.items.find(({ isDefault }) => isDefault) : undefined;
  if (!own) return;
  const paths: string[] = [];
  let token: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof ask<MyListItems>>> = await ask<MyListItems>(`/api/v1/me/lists/${own.id}/items?pageSize=100${token ? `&pageToken=${encodeURIComponent(token)}` : ""}`);
    // Half a list would drop the other half.
    if (!page.ok) return;
    paths.push(...page.value.items.flatMap(({ article }) => (article ? [new URL(article.url, location.href).pathname] : [])));
    token = page.value.nextPageToken;
  } while (token && paths.length < most);
  worker.postMessage({ type: "shelf", paths });
  try {
    sessionStorage.setItem(asked, `${person} ${Date.now()}`);
  } catch {
    // Then it is asked again on the next page.
  }
}

function lastAsked(person: string): number {
  try {
    const [who, when] = (sessionStorage.getItem(asked) ?? "").split(" ");
    return who === person ? Number(when) : 0;
  } catch {
    return 0;
  }
}
