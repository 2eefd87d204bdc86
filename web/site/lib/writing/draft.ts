// One open editor: the text, where it is safe, and what happens next. No screen and no network in here: both come in as ports,
// so that each rule below is tested on its own.
import type { MyArticle } from "@blog/api";
import { byteLength, emptyContent, isEmpty, limits, sameContent, withoutPlaceholders, type Content } from "./content";
import type { Journal } from "./journal";

export type Refusal = { detail: string; fields: Record<string, string> };

/** What to say about a refusal: the fields' own sentences, or the whole one when there are none. */
export function sayRefusal({ detail, fields }: Refusal): string {
  const sentences = Object.values(fields).filter(Boolean);
  return sentences.length > 0 ? sentences.join(" ") : detail;
}

/** What became of a call that changes the article. */
export type Outcome =
  | { kind: "done"; article: MyArticle }
  | { kind: "conflict"; current: MyArticle | null }
  | { kind: "signedOut" }
  | { kind: "refused"; refusal: Refusal }
  | { kind: "missing" }
  | { kind: "unreachable" };

export interface DraftApi {
  /** A new, empty draft. The same key again gives the same draft, which is why the text does not travel with it: it may have grown meanwhile. */
  create(idempotencyKey: string): Promise<Outcome>;
  save(id: string, content: Content, revision: number): Promise<Outcome>;
  publish(id: string, revision: number): Promise<Outcome>;
  unpublish(id: string, revision: number): Promise<Outcome>;
}

export interface Clock {
  now(): number;
  after(milliseconds: number, action: () => void): () => void;
}

export type SaveState =
  | { kind: "fresh" }
  | { kind: "saved"; at: number }
  | { kind: "unsaved" }
  | { kind: "saving" }
  | { kind: "offline" }
  | { kind: "signedOut" }
  | { kind: "conflict"; theirs: MyArticle }
  | { kind: "refused"; refusal: Refusal }
  | { kind: "missing" };

export interface DraftView {
  content: Content;
  state: SaveState;
  /** The server's last word; null before the first save. */
  article: MyArticle | null;
  /** Grows when the text is replaced from outside the keyboard, so that inputs take it over. */
  replaced: number;
  /** False when this device keeps no copy (storage is off or full). */
  kept: boolean;
}

export interface DraftOptions {
  key: string;
  owner: string;
  api: DraftApi;
  journal: Journal;
  clock: Clock;
  idempotencyKey: string;
  tooLong: (bytes: number) => Refusal;
}

const pause = 800;
const longest = 1800;
const keepAfter = 100;
const firstRetry = 2_000;
const lastRetry = 30_000;

export class Draft {
  #view: DraftView = { content: emptyContent, state: { kind: "fresh" }, article: null, replaced: 0, kept: true };
  readonly #listeners = new Set<() => void>();
  readonly #options: DraftOptions;

  /** Counts changes; the text is safe on the server when the last saved one is the last made. */
  #made = 0;
  #saved = 0;
  #base: Content | null = null;
  #revision = 0;
  #running: Promise<Outcome> | undefined;
  #firstUnsavedAt = 0;
  #retryAfter = firstRetry;
  #cancelSave: (() => void) | undefined;
  #cancelKeep: (() => void) | undefined;

  constructor(options: DraftOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly view = (): DraftView => this.#view;

  get dirty(): boolean {
    return this.#made !== this.#saved;
  }

  /** Begins with what the server has. */
  load(article: MyArticle): void {
    this.#adopt(article);
    this.#replace({ content: article.content, state: { kind: "saved", at: Date.parse(article.updatedAt) } });
  }

  /** Begins with, or goes on from, text this device kept; `article` is what the server has now, null when it is out of reach or has none. */
  restore(entry: { articleId: string | null; content: Content; revision: number; base: Content | null }, article: MyArticle | null): void {
    if (article && sameContent(entry.content, article.content)) {
      this.load(article);
      return;
    }
    this.#base = entry.base;
    this.#revision = entry.revision;
    this.#made++;
    this.#replace({ content: entry.content, state: { kind: "unsaved" } });
    if (article) {
      const untouched = entry.revision === article.revision || (entry.base !== null && sameContent(entry.base, article.content));
      this.#set({ article });
      if (untouched) this.#adopt(article);
      else return this.#set({ state: { kind: "conflict", theirs: article } });
    } else if (entry.articleId) {
      this.#set({ article: unseen(entry.articleId, entry.content, entry.revision), state: { kind: "offline" } });
    }
    this.#schedule(0);
  }

  change(patch: Partial<Content>): void {
    const content = { ...this.#view.content, ...patch };
    if (!this.dirty) this.#firstUnsavedAt = this.#options.clock.now();
    this.#made++;
    this.#set({ content });
    this.#keepSoon();
    const bytes = byteLength(content.markdown);
    if (bytes > limits.markdownBytes) {
      this.#cancelSave?.();
      this.#set({ state: { kind: "refused", refusal: this.#options.tooLong(bytes) } });
      return;
    }
    const { kind } = this.#view.state;
    if (kind === "conflict" || kind === "signedOut" || kind === "missing") return;
    if (kind !== "saving" && kind !== "offline") this.#set({ state: { kind: "unsaved" } });
    if (kind !== "offline") this.#schedule(Math.max(0, Math.min(pause, this.#firstUnsavedAt + longest - this.#options.clock.now())));
  }

  /** Tries now: a new sign-in, the line back, the window in front again, or somebody pressed the button. */
  retry(): Promise<boolean> {
    this.#retryAfter = firstRetry;
    return this.flush();
  }

  /** Saves what is unsaved; true when everything typed is on the server. */
  async flush(): Promise<boolean> {
    this.#cancelSave?.();
    while (this.#running) await this.#running;
    if (!this.dirty) return true;
    const { kind } = this.#view.state;
    if (kind === "conflict" || kind === "missing") return false;
    if (byteLength(this.#view.content.markdown) > limits.markdownBytes) return false;
    await this.#save();
    return !this.dirty;
  }

  /** Writes the device's copy at once, before the page goes away. */
  async keep(): Promise<void> {
    this.#cancelKeep?.();
    const { key, owner, journal, idempotencyKey, clock } = this.#options;
    const { content, article } = this.#view;
    try {
      if (this.dirty && !(article === null && isEmpty(content))) {
        const entry = { key, owner, idempotencyKey, articleId: article?.id ?? null, revision: this.#revision, base: this.#base };
        await journal.put({ ...entry, content: withoutPlaceholders(content), at: clock.now() });
      } else await journal.remove(key);
      if (!this.#view.kept) this.#set({ kept: true });
    } catch {
      this.#set({ kept: false });
    }
  }

  /** Settles a conflict with the text in this window. */
  keepMine(): Promise<boolean> {
    const { state } = this.#view;
    if (state.kind !== "conflict") return this.flush();
    this.#adopt(state.theirs);
    this.#set({ state: { kind: "unsaved" } });
    return this.flush();
  }

  /** Settles a conflict with the other version. */
  async takeTheirs(): Promise<void> {
    const { state } = this.#view;
    if (state.kind !== "conflict") return;
    this.#saved = this.#made;
    this.load(state.theirs);
    await this.keep();
  }

  /** Settles a conflict with both texts, mine first, for the writer to join. */
  keepBoth(separator: string): Promise<boolean> {
    const { state, content } = this.#view;
    if (state.kind !== "conflict") return this.flush();
    const theirs = state.theirs;
    this.#adopt(theirs);
    this.#made++;
    this.#replace({ content: { ...content, markdown: `${content.markdown.trimEnd()}${separator}${theirs.content.markdown}` }, state: { kind: "unsaved" } });
    return this.flush();
  }

  /** The draft is gone from the server: begin a new one with this text. */
  saveAsNew(idempotencyKey: string): Promise<boolean> {
    this.#options.idempotencyKey = idempotencyKey;
    this.#base = null;
    this.#revision = 0;
    this.#made++;
    this.#set({ article: null, state: { kind: "unsaved" } });
    return this.flush();
  }

  /** A newer version on the server replaces a text that has no change of its own. */
  refresh(article: MyArticle): void {
    if (!this.dirty && !this.#running && article.revision > this.#revision) this.load(article);
  }

  publish(): Promise<Outcome> {
    return this.#afterSaving((id, revision) => this.#options.api.publish(id, revision));
  }

  unpublish(): Promise<Outcome> {
    return this.#afterSaving((id, revision) => this.#options.api.unpublish(id, revision));
  }

  dispose(): void {
    this.#cancelSave?.();
    this.#cancelKeep?.();
    this.#listeners.clear();
  }

  async #afterSaving(act: (id: string, revision: number) => Promise<Outcome>): Promise<Outcome> {
    if (!(await this.flush()) || !this.#view.article) return this.#asOutcome();
    const outcome = await act(this.#view.article.id, this.#revision);
    if (outcome.kind === "done") {
      this.#adopt(outcome.article);
      if (!this.dirty) this.#set({ state: { kind: "saved", at: this.#options.clock.now() } });
    } else if (outcome.kind === "conflict" && outcome.current && !sameContent(outcome.current.content, this.#view.content)) {
      this.#made++;
      this.#set({ state: { kind: "conflict", theirs: outcome.current } });
    } else if (outcome.kind === "conflict" && outcome.current) {
      this.#adopt(outcome.current); // only the revision moved; the next press publishes
    } else if (outcome.kind === "signedOut") this.#set({ state: { kind: "signedOut" } });
    return outcome;
  }

  #asOutcome(): Outcome {
    const { state } = this.#view;
    if (state.kind === "conflict") return { kind: "conflict", current: state.theirs };
    if (state.kind === "signedOut" || state.kind === "missing") return { kind: state.kind };
    if (state.kind === "refused") return { kind: "refused", refusal: state.refusal };
    return { kind: "unreachable" };
  }

  #save(): Promise<Outcome> {
    const version = this.#made;
    const content = withoutPlaceholders(this.#view.content);
    const { article } = this.#view;
    this.#set({ state: { kind: "saving" } });
    const call = article ? this.#options.api.save(article.id, content, this.#revision) : this.#saveFirst(content);
    this.#running = call.then((outcome) => {
      this.#running = undefined;
      this.#settle(outcome, version, content);
      return outcome;
    });
    return this.#running;
  }

  async #saveFirst(content: Content): Promise<Outcome> {
    const { api, idempotencyKey } = this.#options;
    const created = await api.create(idempotencyKey);
    if (created.kind !== "done") return created;
    this.#adopt(created.article);
    void this.keep();
    return api.save(created.article.id, content, created.article.revision);
  }

  #settle(outcome: Outcome, version: number, sent: Content): void {
    // The window may hold a text that is too long by now; that state stands whatever became of an earlier one.
    const standing = this.#view.state.kind === "saving" ? undefined : this.#view.state;
    switch (outcome.kind) {
      case "done":
        this.#succeeded(outcome.article, version, standing);
        return;
      case "conflict": {
        const { current } = outcome;
        if (!current) return this.#waitAndRetry();
        // Our own save whose answer was lost.
        if (sameContent(current.content, sent)) return this.#succeeded(current, version, standing);
        // Nobody changed the text; only the revision moved (published from another window).
        if (this.#base && sameContent(current.content, this.#base)) {
          this.#adopt(current);
          this.#set({ state: standing ?? { kind: "unsaved" } });
          return this.#schedule(0);
        }
        return this.#set({ state: { kind: "conflict", theirs: current }, article: current });
      }
      case "signedOut":
        return this.#set({ state: { kind: "signedOut" } });
      case "missing":
        return this.#set({ state: { kind: "missing" } });
      case "refused":
        return this.#set({ state: standing ?? { kind: "refused", refusal: outcome.refusal } });
      case "unreachable":
        return this.#waitAndRetry();
    }
  }

  #succeeded(article: MyArticle, version: number, standing: SaveState | undefined): void {
    const { clock } = this.#options;
    this.#adopt(article);
    this.#saved = version;
    this.#retryAfter = firstRetry;
    this.#set({ state: standing ?? (this.dirty ? { kind: "unsaved" } : { kind: "saved", at: clock.now() }) });
    void this.keep();
    if (this.dirty && !standing) {
      this.#firstUnsavedAt = clock.now();
      this.#schedule(pause);
    }
  }

  #waitAndRetry(): void {
    this.#set({ state: { kind: "offline" } });
    this.#schedule(this.#retryAfter);
    this.#retryAfter = Math.min(this.#retryAfter * 2, lastRetry);
  }

  #adopt(article: MyArticle): void {
    this.#base = article.content;
    this.#revision = article.revision;
    this.#set({ article });
  }

  #schedule(milliseconds: number): void {
    this.#cancelSave?.();
    this.#cancelSave = this.#options.clock.after(milliseconds, () => void this.flush());
  }

  #keepSoon(): void {
    this.#cancelKeep?.();
    this.#cancelKeep = this.#options.clock.after(keepAfter, () => void this.keep());
  }

  #replace(patch: Partial<DraftView>): void {
    this.#set({ ...patch, replaced: this.#view.replaced + 1 });
  }

  #set(patch: Partial<DraftView>): void {
    this.#view = { ...this.#view, ...patch };
    for (const listener of this.#listeners) listener();
  }
}

/** An article known only from this device, while the server is out of reach. */
function unseen(id: string, content: Content, revision: number): MyArticle {
  const never = new Date(0).toISOString();
  const rest = { authorIds: [], url: null, createdAt: never, updatedAt: never, firstPublishedAt: null, hasUnpublishedChanges: false, wordCount: 0 };
  return { id, status: "draft", content, revision, ...rest };
}
