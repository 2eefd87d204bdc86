// What the device keeps for times without a network, in IndexedDB. The service worker writes it; pages read it.

/** A page that can be read offline, with all it needs. */
export interface KeptPage {
  /** Path of the page; its key. */
  path: string;
  title: string;
  author: string;
  /** Files of the look and pictures it needs, as paths in the caches. */
  parts: string[];
  /** Size of page and pictures in bytes. */
  bytes: number;
  /** The entity tag the server gave, to ask whether it changed. */
  etag: string | null;
  /** When it was kept or last found unchanged, milliseconds since 1970. */
  at: number;
}

/** A command that waits for a network. */
export interface WaitingAction {
  /** Order in which they were given; set by the database. */
  seq?: number;
  /** Who gave it: nobody else's session may send it. */
  person: string;
  method: string;
  /** Path and query. */
  path: string;
  contentType: string | null;
  body: string | null;
  /** Sent as Idempotency-Key, so that a repetition has no second effect. */
  key: string;
  at: number;
  /** Why the server would not have it; such an action is shown, not sent again. */
  refused?: string;
}

export interface OfflineStore {
  keep(page: KeptPage): Promise<void>;
  forget(path: string): Promise<void>;
  kept(): Promise<KeptPage[]>;
  page(path: string): Promise<KeptPage | undefined>;
  add(action: WaitingAction): Promise<void>;
  change(action: WaitingAction): Promise<void>;
  remove(seq: number): Promise<void>;
  /** In the order they were given. */
  waiting(): Promise<WaitingAction[]>;
  note(name: string, value: string): Promise<void>;
  noted(name: string): Promise<string | undefined>;
  clear(): Promise<void>;
}

const pages = "pages";
const actions = "actions";
const notes = "notes";

export function openStore(factory: IDBFactory, name = "blog-offline"): OfflineStore {
  let opened: Promise<IDBDatabase> | undefined;

  const database = () =>
    (opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = factory.open(name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(pages, { keyPath: "path" });
        request.result.createObjectStore(actions, { keyPath: "seq", autoIncrement: true });
        request.result.createObjectStore(notes);
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => {
          request.result.close();
          opened = undefined;
        };
        resolve(request.result);
      };
      request.onerror = () => reject(request.error ?? new Error("The device's storage cannot be opened."));
    }).catch((problem: unknown) => {
      opened = undefined;
      throw problem;
    }));

  async function run<T>(store: string, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const transaction = (await database()).transaction(store, mode);
    const request = work(transaction.objectStore(store));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("The device's storage failed."));
    });
  }

  return {
    keep: async (page) => void (await run(pages, "readwrite", (store) => store.put(page))),
    forget: async (path) => void (await run(pages, "readwrite", (store) => store.delete(path))),
    kept: () => run<KeptPage[]>(pages, "readonly", (store) => store.getAll()),
    page: (path) => run<KeptPage | undefined>(pages, "readonly", (store) => store.get(path)),
    add: async (action) => void (await run(actions, "readwrite", (store) => store.add(action))),
    change: async (action) => void (await run(actions, "readwrite", (store) => store.put(action))),
    remove: async (seq) => void (await run(actions, "readwrite", (store) => store.delete(seq))),
    waiting: () => run<WaitingAction[]>(actions, "readonly", (store) => store.getAll()),
    note: async (key, value) => void (await run(notes, "readwrite", (store) => store.put(value, key))),
    noted: (key) => run<string | undefined>(notes, "readonly", (store) => store.get(key)),
    clear: async () => {
      for (const store of [pages, notes]) await run(store, "readwrite", (all) => all.clear());
    },
  };
}
