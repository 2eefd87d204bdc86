// Which editors are open on this device: each holds a Web Lock named after its journal entry for as long as its window lives.

const prefix = "blog-draft:";

/** Holds the lock of an editor; the returned function lets go. A browser without locks counts every editor as closed. */
export function holdLock(key: string): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  navigator.locks?.request(prefix + key, () => held).catch(() => undefined);
  return release;
}

export async function openLocks(): Promise<ReadonlySet<string>> {
  const { held } = (await navigator.locks?.query().catch(() => undefined)) ?? {};
  return new Set(held?.map(({ name }) => name ?? "").filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)));
}
