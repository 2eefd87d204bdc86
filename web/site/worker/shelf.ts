// Pages kept for reading offline: the bytes everyone gets, with every file and picture they need. A page is put on the shelf after all its parts,
// so what is there can be shown whole; an updated page replaces the old one only when its parts are there too.
import { aboutPage, partsOf, pictureOf } from "@/lib/offline/parts";
import type { KeptPage, OfflineStore } from "@/lib/offline/store";
import { build } from "./build";
import { cacheNames, fill } from "./caches";

/** The newest so many; older ones stay on the list, not on the device. */
const most = 200;

export interface Shelf {
  keep(path: string): Promise<void>;
  drop(path: string): Promise<void>;
  /** Makes the shelf hold these pages, newest first, as they are now. */
  reconcile(paths: readonly string[]): Promise<void>;
  find(path: string): Promise<Response | undefined>;
  /** Any width of the picture. */
  picture(path: string): Promise<Response | undefined>;
  /** Removes files and pictures that nothing on the shelf needs. */
  sweep(): Promise<void>;
  clear(): Promise<void>;
}

export function openShelf(store: OfflineStore): Shelf {
  async function keep(path: string): Promise<void> {
    const known = await store.page(path);
    const response = await fetch(path, { credentials: "omit", headers: known?.etag ? { "If-None-Match": known.etag } : {}, cache: "no-cache" });
    if (response.status === 404 || response.status === 410) return drop(path);
    if (known && response.status === 304) return store.keep({ ...known, at: Date.now() });
    if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);

    const html = await response.clone().text();
    const { assets, pictures } = partsOf(html);
    await fill(cacheNames.assets, assets);
    const bytes = html.length + (await fill(cacheNames.pictures, pictures));
    await (await caches.open(cacheNames.pages)).put(path, response);
    const page: KeptPage = { path, ...aboutPage(html), parts: [...assets, ...pictures], bytes, etag: response.headers.get("ETag"), at: Date.now() };
    await store.keep(page);
  }

  async function drop(path: string): Promise<void> {
    await store.forget(path);
    await (await caches.open(cacheNames.pages)).delete(path);
  }

  async function sweep(): Promise<void> {
    const needed = new Set([...build.assets, ...build.fonts, ...(await store.kept()).flatMap(({ parts }) => parts)]);
    for (const name of [cacheNames.assets, cacheNames.pictures]) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) if (!needed.has(new URL(request.url).pathname)) await cache.delete(request);
    }
  }

  return {
    keep,
    drop,
    sweep,
    reconcile: async (paths) => {
      const wanted = paths.slice(0, most);
      for (const { path } of await store.kept()) if (!wanted.includes(path)) await drop(path);
      // One after the other: the reader is using the same connection.
      for (const path of wanted) await keep(path).catch((problem: unknown) => console.warn("Not kept", path, problem));
      await sweep();
    },
    find: async (path) => (await store.page(path)) && (await caches.open(cacheNames.pages)).match(path, { ignoreVary: true }),
    picture: async (path) => {
      const id = pictureOf(path);
      const cache = await caches.open(cacheNames.pictures);
      const same = (await cache.keys()).find((request) => pictureOf(new URL(request.url).pathname) === id);
      return same && cache.match(same, { ignoreVary: true });
    },
    clear: async () => {
      await store.clear();
      await caches.delete(cacheNames.pages);
      await caches.delete(cacheNames.pictures);
    },
  };
}
