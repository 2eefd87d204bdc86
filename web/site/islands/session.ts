// Who is reading. A page is the same bytes for everyone; this asks the BFF once and fills in the name.
import type { SignedInUser } from "@blog/api";
import { initialsOf } from "@/lib/initials";
import { sourceOf } from "@/lib/pictures";

const root = document.documentElement;

/**
 * Whether asking makes sense: somebody was signed in here before, is just coming back from signing in, or is on a page that needs it.
 * Most readers never are, and for them the question would only cost a request that fails.
 */
function mayBeSignedIn(): boolean {
  const from = document.referrer ? new URL(document.referrer) : undefined;
  const cameBack = from?.origin === location.origin && /^\/(account|connect|bff)\//.test(from.pathname);
  return cameBack || /^\/(write|me|settings|following|for-you)\b/.test(location.pathname) || kept() !== null;
}

function kept(): string | null {
  try {
    return localStorage.getItem("session");
  } catch {
    return ""; // without storage, ask
  }
}

function keep(value: string | null): void {
  try {
    if (value === null) localStorage.removeItem("session");
    else localStorage.setItem("session", value);
  } catch {
    // Without storage the header settles a moment later on each page.
  }
}

/** Whoever leaves for the sign-in page is asked about on coming back; whoever signs out is not. */
export function doors(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='/bff/']") : null;
    if (link) keep(link.pathname === "/bff/login" ? "asked" : null);
  });
}

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
  keep(user?.id ?? null);
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
  for (const element of document.querySelectorAll<HTMLElement>(`[data-own~="${CSS.escape(user.id)}"]`)) element.hidden = false;
}

function avatar(url: string): HTMLImageElement {
  const image = document.createElement("img");
  image.src = sourceOf(url, 384, 384).src;
  image.alt = "";
  image.width = image.height = 32;
  return image;
}
