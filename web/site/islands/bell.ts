// The bell is for whoever is signed in, so its script comes only then, after everything a reader waits for.
import { whoReads } from "./reader";

export async function bell(): Promise<void> {
  const place = document.querySelector<HTMLElement>("[data-bell]");
  if (!place) return;
  const { user } = await whoReads();
  if (!user || !place.dataset.bell) return;
  place.dataset.person = user.id;
  await import(place.dataset.bell);
}
