// The service worker: a page for times without a network, saved articles to read there, commands that wait, notifications.
// Pages come from the network whenever there is one. Nothing of a page is ever older than its markup: files are named by their content,
// and a kept page is kept with its own files.
import { canWait, mayWait } from "@/lib/offline/actions";
import { openStore } from "@/lib/offline/store";
import { build } from "./build";
import { cacheNames, fill, immutable, isAsset } from "./caches";
import { openPush, showPush } from "./push";
import { openShelf } from "./shelf";
import { openWaiting } from "./waiting";

declare const self: ServiceWorkerGlobalScope & { registration: ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } } };

/** A connection that is there but does not answer is as good as none once there is a kept page to show. */
const patience = 4_000;

const store = openStore(indexedDB);
const shelf = openShelf(store);
const waiting = openWaiting(store, tell, async () => {
  await self.registration.sync?.register("waiting").catch(() => undefined);
});

async function tell(message: object): Promise<void> {
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage(message);
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      await fill(cacheNames.assets, build.assets);
      const page = await fetch(build.offlinePage, { credentials: "omit", cache: "no-cache" });
      if (!page.ok) throw new Error(`The offline page answers ${page.status}.`);
      await (await caches.open(cacheNames.pages)).put(build.offlinePage, page);
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      // A navigation that the worker leaves alone would be asked for twice, and a sign-in's code counts once.
      await self.registration.navigationPreload?.disable();
      const ours = Object.values<string>(cacheNames);
      for (const name of await caches.keys()) if (!ours.includes(name)) await caches.delete(name);
      await shelf.sweep();
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET" && !/^\/(account|connect|bff|media)\//.test(pathname)) event.respondWith(page(request, pathname));
    else if (pathname === "/bff/logout") event.waitUntil(signedOut());
  } else if (request.method === "GET") {
    if (isAsset(pathname)) event.respondWith(immutable(request, cacheNames.assets));
    else if (/^\/(images|media)\//.test(pathname)) event.respondWith(picture(request, pathname));
  } else if (request.headers.has(mayWait) && canWait(request.method, pathname)) event.respondWith(waiting.send(request));
});

async function page(request: Request, path: string): Promise<Response> {
  const kept = await shelf.find(path).catch(() => undefined);
  const fromNetwork = fetch(request);
  try {
    if (!kept) return await fromNetwork;
    fromNetwork.catch(() => undefined);
    return await Promise.race([fromNetwork, new Promise<Response>((resolve) => setTimeout(resolve, patience, kept))]);
  } catch {
    return kept ?? (await (await caches.open(cacheNames.pages)).match(build.offlinePage, { ignoreVary: true })) ?? Response.error();
  }
}

async function picture(request: Request, path: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (problem) {
    const kept = await shelf.picture(path);
    if (kept) return kept;
    throw problem;
  }
}

async function signedOut(): Promise<void> {
  await shelf.clear();
}

self.addEventListener("message", (event) => {
  const message = event.data as { type: string; path?: string; paths?: string[]; person?: string | null };
  event.waitUntil(
    (async () => {
      switch (message.type) {
        case "activate":
          return self.skipWaiting();
        case "person":
          if (!message.person) return;
          if (((await store.noted("person")) ?? message.person) !== message.person) await shelf.clear();
          await store.note("person", message.person);
          return waiting.flush();
        case "keep":
          if (message.path) await shelf.keep(message.path);
          return tell({ type: "shelf" });
        case "drop":
          if (message.path) await shelf.drop(message.path);
          await shelf.sweep();
          return tell({ type: "shelf" });
        case "shelf":
          await shelf.reconcile(message.paths ?? []);
          await store.note("reconciled", String(Date.now()));
          return tell({ type: "shelf" });
        case "flush":
          return waiting.flush();
      }
    })().catch((problem: unknown) => console.warn(message.type, problem)),
  );
});

self.addEventListener("sync", ((event: ExtendableEvent & { tag: string }) => {
  if (event.tag === "waiting") event.waitUntil(waiting.flush());
}) as EventListener);

self.addEventListener("push", (event) => event.waitUntil(showPush(self, event.data)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPush(self, event.notification));
});
