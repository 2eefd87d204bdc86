// The worker's caches. A file named by its content never changes, so one cache serves every build.

export const cacheNames = { assets: "assets-1", pages: "pages-1", pictures: "pictures-1" } as const;

export const isAsset = (path: string) => path.startsWith("/assets/") || path.startsWith("/_next/static/") || path === "/icon.svg";

/** From the cache, or from the network and then kept. */
export async function immutable(request: Request, name: string): Promise<Response> {
  const cache = await caches.open(name);
  const known = await cache.match(request, { ignoreVary: true });
  if (known) return known;
  const response = await fetch(request);
  if (response.status === 200) void cache.put(request, response.clone()).catch(() => undefined);
  return response;
}

/** Fetches what is not in the cache yet; throws when one cannot be had. Returns the bytes of all. */
export async function fill(name: string, paths: readonly string[]): Promise<number> {
  const cache = await caches.open(name);
  const sizes = await Promise.all(
    paths.map(async (path) => {
      const known = await cache.match(path, { ignoreVary: true });
      if (known) return (await known.blob()).size;
      const response = await fetch(path, { credentials: "omit" });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      const { size } = await response.clone().blob();
      await cache.put(path, response);
      return size;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
