// The device's own copy of what is being typed, in IndexedDB: written within a fifth of a second, read after a crash,
// a closed window or a new sign-in. One entry per open editor; a Web Lock says which editors are still open.
import type { Content } from "./content";

export interface Sent {
  key: string;
  content: Content;
  revision: number;
}

export interface JournalEntry {
  /** The editor that wrote it. */
  key: string;
  /** The article, or null while the server has never seen it. */
  articleId: string | null;
  /** Whose text it is: nobody else signed in on this device gets to see it. */
  owner: string;
  content: Content;
  /** The revision the text was written on; 0 before the first. */
  revision: number;
  /** What the server had at that revision, to tell a stranger's change from a mere republication. */
  base: Content | null;
  /** What was sent and not answered yet. The server may have it: only the same again, with its key, finds out. */
  sent: Sent | null;
  /** Sent with the first save, so that a repeated one makes no second draft. */
  idempotencyKey: string;
  at: number;
}

export interface Journal {
  put(entry: JournalEntry): Promise<void>;
  remove(key: string): Promise<void>;
  all(): Promise<JournalEntry[]>;
}

const store = "drafts";

/** A text by what differs from another: its beginning and its end are the other's. */
interface Differing {
  start: number;
  middle: string;
  end: number;
}

type Kept = Omit<Content, "markdown"> & { markdown: string | Differing };

/** An entry as it lies in the database. All three texts of a long story in full were 200 KB of garbage for each copy, and the collector's work was felt while typing. */
type KeptEntry = Omit<JournalEntry, "base" | "sent"> & { base: Kept | null; sent: (Omit<Sent, "content"> & { content: Kept }) | null };

function differing(text: string, other: string): Differing {
  const most = Math.min(text.length, other.length);
  let start = 0;
  while (start < most && text.charCodeAt(start) === other.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && text.charCodeAt(text.length - 1 - end) === other.charCodeAt(other.length - 1 - end)) end++;
  return { start, middle: text.slice(start, text.length - end), end };
}

function pack(entry: JournalEntry): KeptEntry {
  const { base, sent, content } = entry;
  const kept = (one: Content): Kept => ({ ...one, markdown: differing(one.markdown, content.markdown) });
  return { ...entry, base: base && kept(base), sent: sent && { ...sent, content: kept(sent.content) } };
}

/** Earlier versions kept texts in full. */
function unpack(entry: KeptEntry): JournalEntry {
  const { base, sent, content } = entry;
  const whole = (text: string | Differing) =>
    typeof text === "string" ? text : content.markdown.slice(0, text.start) + text.middle + content.markdown.slice(content.markdown.length - text.end);
  const read = (one: Kept): Content => ({ ...one, markdown: whole(one.markdown) });
  return { ...entry, base: base && read(base), sent: sent && { ...sent, content: read(sent.content) } };
}

export function openJournal(factory: IDBFactory, name = "blog"): Journal {
  let opened: Promise<IDBDatabase> | undefined;

  const database = () =>
    (opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = factory.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: "key" });
      request.onsuccess = () => {
        request.result.onversionchange = () => {
          request.result.close();
          opened = undefined;
        };
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    }).catch((problem: unknown) => {
      opened = undefined;
      throw problem;
    }));

  async function run<T>(mode: IDBTransactionMode, work: (drafts: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const transaction = (await database()).transaction(store, mode);
    const request = work(transaction.objectStore(store));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  return {
    put: async (entry) => void (await run("readwrite", (drafts) => drafts.put(pack(entry)))),
    remove: async (key) => void (await run("readwrite", (drafts) => drafts.delete(key))),
    all: async () => (await run<KeptEntry[]>("readonly", (drafts) => drafts.getAll())).map(unpack),
  };
}

/** The newest entry for this article that no open editor holds, and the older ones of other windows. */
export function leftBehind(
  entries: readonly JournalEntry[],
  articleId: string | null,
  owner: string | null,
  open: ReadonlySet<string>,
): { newest: JournalEntry | undefined; older: JournalEntry[] } {
  const [newest, ...older] = entries
    .filter((entry) => entry.articleId === articleId && (owner === null || entry.owner === owner) && !open.has(entry.key))
    .sort((one, other) => other.at - one.at);
  return { newest, older };
}
