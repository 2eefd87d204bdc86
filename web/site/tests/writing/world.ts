// An open editor with a clock, a server and a device that do as a test says.
import type { MyArticle } from "@blog/api";
import type { Clock } from "@/lib/clock";
import { emptyContent, type Content } from "@/lib/writing/content";
import { Draft } from "@/lib/writing/draft";
import type { DraftApi, Outcome } from "@/lib/writing/draft-api";
import type { Journal, JournalEntry } from "@/lib/writing/journal";

/** A clock that moves when told, and lets every promise settle in between. */
export class HandClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; action: () => void }[] = [];

  now = () => this.#now;

  after = (milliseconds: number, action: () => void) => {
    const timer = { at: this.#now + milliseconds, action };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((one) => one !== timer));
  };

  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

export const article = (content: Partial<Content>, revision: number, patch: Partial<MyArticle> = {}): MyArticle => ({
  id: "a1",
  authorIds: ["p1"],
  publicationId: null,
  status: "draft",
  content: { ...emptyContent, ...content },
  revision,
  url: null,
  createdAt: "2026-11-22T10:00:00Z",
  updatedAt: "2026-11-22T10:00:00Z",
  firstPublishedAt: null,
  hasUnpublishedChanges: false,
  wordCount: 0,
  scheduledFor: null,
  scheduleProblem: null, seriesId: null, translationGroupId: null,
  ...patch,
});

/** A server with one article and a rule about revisions; `mood` decides what it answers instead. */
export class Server implements DraftApi {
  held: MyArticle | undefined;
  mood: Outcome["kind"] | "lostAnswer" = "done";
  calls: string[] = [];
  keys = new Set<string>();
  answers = new Map<string, MyArticle>();

  async create(idempotencyKey: string): Promise<Outcome> {
    this.calls.push("create");
    if (this.mood !== "done" && this.mood !== "lostAnswer") return this.#moody();
    if (!this.keys.has(idempotencyKey)) this.held = article({}, 1);
    this.keys.add(idempotencyKey);
    return this.#answer();
  }

  async save(_: string, content: Content, revision: number, key: string): Promise<Outcome> {
    this.calls.push("save");
    if (this.mood !== "done" && this.mood !== "lostAnswer") return this.#moody();
    const before = this.answers.get(key);
    if (before) return { kind: "done", article: { ...before, content: this.held?.content ?? before.content } };
    if (this.held?.revision !== revision) return { kind: "conflict", current: this.held ?? null };
    this.held = { ...this.held, content, revision: revision + 1 };
    this.answers.set(key, this.held);
    return this.#answer();
  }

  keep = async (_: string, revision: number) => {
    this.calls.push("keep");
    return this.held?.revision === revision;
  };

  async publish(_: string, revision: number): Promise<Outcome> {
    this.calls.push("publish");
    if (this.held?.revision !== revision) return { kind: "conflict", current: this.held ?? null };
    this.held = { ...this.held, status: "published", url: "/@ada/x", revision: revision + 1 };
    return this.#answer();
  }

  async schedule(_: string, revision: number, at: string | null): Promise<Outcome> {
    this.calls.push("schedule");
    if (this.held?.revision !== revision) return { kind: "conflict", current: this.held ?? null };
    this.held = { ...this.held, scheduledFor: at, revision: revision + 1 };
    return this.#answer();
  }

  unpublish = () => Promise.resolve<Outcome>({ kind: "unreachable" });

  #answer(): Outcome {
    if (this.mood === "lostAnswer" || !this.held) {
      this.mood = "done";
      return { kind: "unreachable" };
    }
    return { kind: "done", article: this.held };
  }

  #moody(): Outcome {
    if (this.mood === "refused") return { kind: "refused", refusal: { detail: "No.", fields: { title: "Too long." } } };
    return { kind: this.mood as "signedOut" | "missing" | "unreachable" };
  }
}

export class Notebook implements Journal {
  entries = new Map<string, JournalEntry>();
  broken = false;
  put = async (entry: JournalEntry) => {
    if (this.broken) throw new Error("full");
    this.entries.set(entry.key, entry);
  };
  remove = async (key: string) => void this.entries.delete(key);
  all = async () => [...this.entries.values()];
}

export function desk() {
  const [clock, server, journal] = [new HandClock(), new Server(), new Notebook()];
  const draft = new Draft({
    key: "k",
    owner: "ada",
    api: server,
    journal,
    clock,
    idempotencyKey: "once",
    newKey: () => crypto.randomUUID(),
    tooLong: (bytes) => ({ detail: `${bytes} bytes`, fields: {} }),
  });
  const state = () => draft.view().state.kind;
  return { clock, server, journal, draft, state, text: () => draft.view().content.markdown };
}

export function loaded(markdown = "one") {
  const all = desk();
  all.server.held = article({ markdown }, 5);
  all.draft.load(all.server.held);
  return all;
}
