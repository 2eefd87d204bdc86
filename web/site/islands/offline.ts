// The page's side of the service worker: registers it, tells it who is reading and what to keep, and says what waits.
import { offline as words } from "@/messages/offline";
import { toast } from "./toast";

/** Sent by the worker; see worker/sw.ts. */
type FromWorker = { type: "waiting"; count: number } | { type: "refused"; action: { refused: string } } | { type: "shelf" };

/** Dispatched on the document by whatever saves or removes an article. */
export interface SavedEvent {
  articleId: string;
  /** Path of the article's page. */
  url: string;
  saved: boolean;
}

/** How long the list of what is kept is taken as true, milliseconds. */
const reconcileEvery = 10 * 60_000;

const worker = () => navigator.serviceWorker.controller;

export function offline(person: string | undefined): void {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const container = navigator.serviceWorker;
  container.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => heard(data));
  container.startMessages();
  if (document.readyState === "complete") void register();
  else addEventListener("load", () => void register());

  pill();
  const known = () => {
    if (!person) return;
    worker()?.postMessage({ type: "person", person });
    void reconcile();
  };
  known();
  container.addEventListener("controllerchange", known);
  addEventListener("online", () => worker()?.postMessage({ type: "flush" }));
  document.addEventListener("blog:saved", (event) => {
    const { url, saved } = (event as CustomEvent<SavedEvent>).detail;
    worker()?.postMessage({ type: saved ? "keep" : "drop", path: new URL(url, location.href).pathname });
    if (saved) void navigator.storage?.persist?.();
  });
}

async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => undefined);
  if (!registration) return;
  const offer = () => {
    if (registration.waiting && worker()) update(registration.waiting);
  };
  offer();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
}

/** The new version takes over only when the reader says so: every open page then loads anew, whole. */
function update(waiting: ServiceWorker): void {
  toast(words.update, {
    label: words.reload,
    act: () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage({ type: "activate" });
    },
  });
}

function heard(message: FromWorker): void {
  document.dispatchEvent(new CustomEvent("blog:offline", { detail: message }));
  if (message.type === "refused") toast(words.refused(message.action.refused), { label: words.show, href: "/offline" });
  else if (message.type === "waiting") {
    document.documentElement.dataset.waiting = String(message.count);
    if (message.count > 0) toast(words.waits(message.count));
    else toast(words.sent);
  }
}

/** Tells of the missing connection without being in the way. */
function pill(): void {
  const mark = () => {
    if (navigator.onLine) delete document.documentElement.dataset.offline;
    else document.documentElement.dataset.offline = "";
  };
  mark();
  addEventListener("online", mark);
  addEventListener("offline", mark);
}

/** What was saved on another device comes to this one too. */
async function reconcile(): Promise<void> {
  if (!navigator.onLine || !worker()) return;
  const last = Number(kept("reconciled") ?? 0);
  if (Date.now() - last < reconcileEvery) return;
  const response = await fetch("/api/v1/me/saved/recent", { headers: { "X-CSRF": "1" } }).catch(() => undefined);
  if (!response?.ok) return;
  const { items } = (await response.json()) as { items: { url: string }[] };
  worker()?.postMessage({ type: "shelf", paths: items.map(({ url }) => url) });
  keep("reconciled", String(Date.now()));
}

function kept(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // It is then asked again on the next page.
  }
}

/** The button that installs the site shows where the browser offers it. */
export function installing(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    const prompt = event as Event & { prompt(): Promise<void> };
    for (const button of document.querySelectorAll<HTMLElement>("[data-install]")) {
      button.hidden = false;
      button.addEventListener("click", () => void prompt.prompt(), { once: true });
    }
  });
  addEventListener("appinstalled", () => {
    for (const button of document.querySelectorAll<HTMLElement>("[data-install]")) button.hidden = true;
  });
}
