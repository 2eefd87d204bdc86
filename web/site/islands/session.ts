// Who is reading. A page is the same bytes for everyone; this asks the BFF once and fills in the name.
import type { SignedInUser } from "@blog/api";
import { initialsOf } from "@/lib/initials";
import { sourceOf } from "@/lib/pictures";

const root = document.documentElement;

/** Set by the BFF beside its own cookie, readable here and worth nothing: it says only that asking makes sense. */
const mayBeSignedIn = () => !document.cookie.includes("blog-signed-in=0");

export async function session(): Promise<SignedInUser | null> {
  const user = mayBeSignedIn() ? await ask() : null;
  if (user === undefined) return null; // no answer: keep showing what was known
  remember(user);
  if (user) fill(user);
  return user;
}

async function ask(): Promise<SignedInUser | null | undefined> {
  try {
    const response = await fetch("/bff/user", { headers: { "X-CSRF": "1" } });
    if (response.ok) return (await response.json()) as SignedInUser | null;
    return response.status === 401 ? null : undefined;
  } catch {
    return undefined;
  }
}

function remember(user: SignedInUser | null): void {
  if (user) root.dataset.session = "in";
  else delete root.dataset.session;
  try {
    if (user) localStorage.setItem("session", user.id);
    else localStorage.removeItem("session");
  } catch {
    // Without storage the header settles a moment later on each page.
  }
}

function fill(user: SignedInUser): void {
  for (const slot of document.querySelectorAll<HTMLElement>("[data-mine]")) {
    if (slot.dataset.mine === "name") slot.textContent = user.name;
    else if (slot.dataset.mine === "handle") slot.textContent = `@${user.handle}`;
    else if (user.avatarUrl) slot.replaceChildren(avatar(user.avatarUrl));
    else slot.textContent = initialsOf(user.name);
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-mine-profile]")) link.href = `/@${user.handle}`;
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-mine-leave]")) link.href = user.logoutUrl;
  for (const element of document.querySelectorAll<HTMLElement>(`[data-own="${CSS.escape(user.id)}"]`)) element.hidden = false;
}

function avatar(url: string): HTMLImageElement {
  const image = document.createElement("img");
  image.src = sourceOf(url, 384, 384).src;
  image.alt = "";
  image.width = image.height = 32;
  return image;
}
