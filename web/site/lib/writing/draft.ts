// One open editor: the text, where it is safe, and what happens next. No screen and no network in here: both come in as ports,
// so that each rule below is tested on its own.
import type { MyArticle } from "@blog/api";
import type { Clock } from "@/lib/clock";
import { byteLength, emptyContent, isEmpty, limits, sameContent, sameText, withoutPlaceholders, type Content } from "./content";
import { DeviceCopy } from "./device-copy";
import { unseen, type DraftApi, type Outcome, type Refusal } from "./draft-api";
import type { Journal, JournalEntry, Sent } from "./journal";
import { mergeContent } from "./merge";

export type SaveState =
  | { kind: "fresh" }
  /** `asVersion`: it was kept as a version, too. */
  | { kind: "saved"; at: number; asVersion?: boolean }
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
  newKey: () => string;
  tooLong: (bytes: number) => Refusal;
}

const pause = 800;
const longest = 1800;
/** From then on a change is sent as it comes: it comes between two keys, and what is sent by the clock would meet the next one. */
const due = 1500;
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
  /** When the oldest change was made that has not been sent. */
  #unsentSince: number | undefined;
  /** On its way, or gone without an answer. Nothing newer is sent before it is known what became of it: whoever merges has to know what the server had. */
  #sent: (Sent & { version: number }) | null = null;
  #retryAfter = firstRetry;
  #cancelSave: (() => void) | undefined;
  readonly #copy: DeviceCopy;

  constructor(options: DraftOptions) {
    this.#options = options;
    const { key, journal, clock } = options;
    this.#copy = new DeviceCopy({ key, journal, clock, entry: () => this.#unsaved(), told: (kept) => kept !== this.#view.kept && this.#set({ kept }) });
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
  restore(entry: Pick<JournalEntry, "articleId" | "content" | "revision" | "base" | "sent">, article: MyArticle | null): void {
    if (article && sameContent(entry.content, article.content)) {
      this.load(article);
      return;
    }
    this.#base = entry.base;
    this.#revision = entry.revision;
    this.#made++;
    this.#sent = entry.sent && { ...entry.sent, version: sameContent(entry.sent.content, entry.content) ? this.#made : 0 };
    this.#unsentSince = this.#options.clock.now();
    this.#replace({ content: entry.content, state: { kind: "unsaved" } });
    if (article) {
      this.#set({ article });
      if (!this.#sent && entry.revision !== article.revision && !this.#isBase(article)) return this.#meet(article);
      if (!this.#sent) this.#adopt(article);
    } else if (entry.articleId) {
      this.#set({ article: unseen(entry.articleId, entry.content, entry.revision), state: { kind: "offline" } });
    }
    this.#schedule(0);
  }

  /** Takes in what another closed window kept of this draft; false when it cannot, and the entry has to wait until this one is saved. */
  absorb(entry: Pick<JournalEntry, "content" | "base" | "sent">): boolean {
    const { content, state } = this.#view;
    const merged = state.kind === "conflict" || entry.sent || !entry.base ? null : mergeContent(entry.base, content, entry.content);
    if (!merged) return sameContent(entry.content, content);
    if (!sameContent(merged, content)) {
      this.#replace({ content: merged });
      this.change({});
    }
    return true;
  }

  change(patch: Partial<Content>): void {
    const content = { ...this.#view.content, ...patch };
    this.#unsentSince ??= this.#options.clock.now();
    this.#made++;
    this.#set({ content });
    this.#copy.writeSoon();
    const bytes = byteLength(content.markdown);
    if (bytes > limits.markdownBytes) {
      this.#cancelSave?.();
      this.#set({ state: { kind: "refused", refusal: this.#options.tooLong(bytes) } });
      return;
    }
    const { kind } = this.#view.state;
    if (kind === "conflict" || kind === "signedOut" || kind === "missing") return;
    if (kind !== "saving" && kind !== "offline" && kind !== "unsaved") this.#set({ state: { kind: "unsaved" } });
    if (kind !== "offline") this.#scheduleNext();
  }

  /** Tries now: a new sign-in, the line back, the window in front again, or somebody pressed the button. */
  retry(): Promise<boolean> {
    this.#retryAfter = firstRetry;
    return this.flush();
  }

  /** Saves what is unsaved; true when everything typed is on the server. */
  async flush(): Promise<boolean> {
    this.#cancelSave?.();
    let inDoubt: boolean;
    do {
      while (this.#running) await this.#running;
      if (!this.dirty) return true;
      const { kind } = this.view().state;
      if (kind === "conflict" || kind === "missing") return false;
      if (byteLength(this.#view.content.markdown) > limits.markdownBytes) return false;
      // What is in doubt goes first, as it was.
      inDoubt = this.#sent !== null;
    } while ((await this.#save()).kind === "done" && inDoubt);
    return !this.dirty;
  }

  /** Writes the device's copy at once, before the page goes away. */
  keep(): Promise<void> {
    return this.#copy.write();
  }

  /** Saves, and keeps what was saved as a version; false when it is not on the server. */
  async keepVersion(): Promise<boolean> {
    if (!(await this.flush()) || !this.#view.article) return false;
    const kept = await this.#options.api.keep(this.#view.article.id, this.#revision);
    if (kept && !this.dirty) this.#set({ state: { kind: "saved", at: this.#options.clock.now(), asVersion: true } });
    return kept;
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
    this.#sent = null;
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

  schedule(at: string | null): Promise<Outcome> {
    return this.#afterSaving((id, revision) => this.#options.api.schedule(id, revision, at));
  }

  dispose(): void {
    this.#cancelSave?.();
    this.#copy.dispose();
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
      this.#meet(outcome.current);
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
    const since = this.#unsentSince;
    this.#set({ state: { kind: "saving" } });
    this.#running = this.#send().then((outcome) => {
      const sent = this.#sent;
      this.#running = undefined;
      if (outcome.kind !== "done") this.#unsentSince = since ?? this.#unsentSince;
      if (outcome.kind === "done" || outcome.kind === "conflict" || outcome.kind === "refused") this.#sent = null;
      this.#settle(outcome, sent);
      return outcome;
    });
    return this.#running;
  }

  async #send(): Promise<Outcome> {
    const { api, idempotencyKey } = this.#options;
    let id = this.#view.article?.id;
    if (id === undefined) {
      const created = await api.create(idempotencyKey);
      if (created.kind !== "done") return created;
      this.#adopt(created.article);
      id = created.article.id;
    }
    if (!this.#sent) {
      this.#unsentSince = undefined;
      const content = withoutPlaceholders(this.#view.content);
      this.#sent = { key: this.#options.newKey(), content, revision: this.#revision, version: this.#made };
    }
    // What the server has, this device knows of: after a crash it can tell its own text from a stranger's.
    await this.#copy.writeFirst();
    return api.save(id, this.#sent.content, this.#sent.revision, this.#sent.key);
  }

  /** What the device keeps. */
  #unsaved(): JournalEntry | null {
    const { key, owner, idempotencyKey, clock } = this.#options;
    const { content, article } = this.#view;
    if (!this.dirty || (article === null && isEmpty(content))) return null;
    const known = { articleId: article?.id ?? null, revision: this.#revision, base: this.#base, sent: this.#sent };
    return { key, owner, idempotencyKey, ...known, content: withoutPlaceholders(content), at: clock.now() };
  }

  #settle(outcome: Outcome, sent: (Sent & { version: number }) | null): void {
    // The window may hold a text that is too long by now; that state stands whatever became of an earlier one.
    const standing = this.#view.state.kind === "saving" ? undefined : this.#view.state;
    switch (outcome.kind) {
      case "done":
        if (sent) this.#succeeded(outcome.article, sent, standing);
        return;
      case "conflict": {
        const { current } = outcome;
        if (!current) return this.#waitAndRetry();
        if (sent && sameContent(current.content, sent.content)) return this.#succeeded(current, sent, standing);
        if (this.#isBase(current)) {
          this.#adopt(current);
          this.#set({ state: standing ?? { kind: "unsaved" } });
          return this.#schedule(0);
        }
        return this.#meet(current);
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

  /** Nobody changed the text; at most its revision moved (published from another window). */
  #isBase(article: MyArticle): boolean {
    return this.#base !== null && sameContent(article.content, this.#base);
  }

  /** Somebody else saved in between: both changes are kept where they do not touch; where they do, the writer chooses. */
  #meet(theirs: MyArticle): void {
    const { content } = this.#view;
    const merged = this.#base && mergeContent(this.#base, content, theirs.content);
    if (!merged) return this.#set({ state: { kind: "conflict", theirs }, article: theirs });
    this.#adopt(theirs);
    this.#made++;
    if (!sameContent(merged, content)) this.#replace({ content: merged });
    this.#set({ state: { kind: "unsaved" } });
    this.#copy.writeSoon();
    this.#schedule(0);
  }

  #succeeded(article: MyArticle, sent: Sent & { version: number }, standing: SaveState | undefined): void {
    const { clock } = this.#options;
    this.#adopt(article);
    this.#base = sent.content;
    this.#saved = sent.version;
    if (!this.dirty) this.#unsentSince = undefined;
    this.#retryAfter = firstRetry;
    // A repeated answer tells of then, but its text is of now: somebody went on from there.
    if (!sameText(article.content.markdown, sent.content.markdown)) return this.#meet(article);
    this.#set({ state: standing ?? (this.dirty ? { kind: "unsaved" } : { kind: "saved", at: clock.now() }) });
    void this.keep();
    if (this.dirty && !standing) this.#scheduleNext();
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

  /** At the next pause, and within two seconds of the oldest change that was not sent. */
  #scheduleNext(): void {
    const now = this.#options.clock.now();
    const age = now - (this.#unsentSince ?? now);
    this.#schedule(age >= due ? 0 : Math.min(pause, longest - age));
  }

  #schedule(milliseconds: number): void {
    this.#cancelSave?.();
    this.#cancelSave = this.#options.clock.after(milliseconds, () => void this.flush());
  }

  #replace(patch: Partial<DraftView>): void {
    this.#set({ ...patch, replaced: this.#view.replaced + 1 });
  }

  #set(patch: Partial<DraftView>): void {
    this.#view = { ...this.#view, ...patch };
    for (const listener of this.#listeners) listener();
  }
}
