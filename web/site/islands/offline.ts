// The page's side of the service worker: registers it, tells it who is reading and what to keep, and says what waits.
import { offline as words } from "@/messages/offline";
import type { ActedEvent } from "./push";
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
    const present = worker();
    if (!present) return;
    present.postMessage({ type: "person", person });
    void import("./shelf").then(({ reconcile }) => reconcile(present, person));
  };
  known();
  container.addEventListener("controllerchange", known);
  addEventListener("online", () => worker()?.postMessage({ type: "flush" }));
  document.addEventListener("blog:acted", (event) => void import("./push").then(({ offerPush }) => offerPush((event as CustomEvent<ActedEvent>).detail)));
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
