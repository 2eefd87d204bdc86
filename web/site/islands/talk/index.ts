// The responses under a story: reading, answering, and what their authors and the author of the story may do. Loaded when the reader comes near.
import type { ArticleResponse, ResponseList, ResponseThread } from "@blog/api";
import { drawEmpty, drawResponse, drawThread, nested, type Around } from "@/lib/talk/draw";
import { talk as words } from "@/messages/talk";
import { ask, type Told } from "../ask";
import { learnClaps } from "../claps";
import { showResponses } from "../counts";
import { whoReads } from "../reader";
import { toast } from "../toast";
import { composer } from "./composer";
import { begunAnswers, draftKey } from "./drafts";
import { sure } from "./sure";

export async function talk(section: HTMLElement): Promise<void> {
  if (section.dataset.talking !== undefined) return;
  section.dataset.talking = "";
  const { user } = await whoReads();
  new Talk(section, user?.id).start();
}

class Talk {
  private readonly article: string;
  private readonly thread: HTMLElement;
  private readonly known = new Map<string, ArticleResponse>();
  private sort: string;
  private total = 0;

  constructor(
    private readonly section: HTMLElement,
    private readonly me: string | undefined,
  ) {
    this.article = section.dataset.talk ?? "";
    this.sort = section.dataset.sort ?? "best";
    this.thread = section.querySelector("[data-thread]") as HTMLElement;
  }

  start(): void {
    this.section.addEventListener("click", (event) => this.clicked(event));
    this.compose();
    // What everyone sees is drawn already; only who is signed in sees something of their own.
    const { drawn, page, threadOf } = this.section.dataset;
    if (drawn !== undefined && !this.me) this.openBegun();
    else if (threadOf) void this.loadThread(threadOf);
    else void this.load(page);
  }

  private get around(): Around {
    const { url = "", author = "", locked, threadOf } = this.section.dataset;
    const marked = threadOf ?? /^#response-([0-9a-f-]{36})$/.exec(location.hash)?.[1];
    return { url, authorId: author, locked: locked === "true", now: Date.now(), viewer: this.me, marked };
  }

  /** Everyone's list comes from the cache; one's own leaves out whom one does not want to see. */
  private get list(): string {
    return this.me ? `/api/v1/me/reader/${this.article}/responses` : `/api/v1/articles/${this.article}/responses`;
  }

  private get mine(): string {
    return `/api/v1/me/reader/${this.article}/responses`;
  }

  private async load(page = ""): Promise<void> {
    const answer = await ask<ResponseList>(`${this.list}?sort=${this.sort}${page ? `&pageToken=${encodeURIComponent(page)}` : ""}`);
    if (!answer.ok) return this.failed(() => void this.load(page));
    const { items, nextPageToken } = answer.value;
    this.learn(items);
    this.thread.innerHTML = items.length > 0 ? drawThread(items, this.around) : drawEmpty();
    this.locked(answer.value.locked);
    this.count(answer.value.total);
    this.next(nextPageToken);
    this.shown(items);
    this.toHash();
    this.openBegun();
  }

  private async loadThread(id: string): Promise<void> {
    const answer = await ask<ResponseThread>(`${this.list}/${id}`);
    if (!answer.ok) return;
    const { response, ancestors } = answer.value;
    const whole = nested(response, ancestors);
    this.learn([whole]);
    this.thread.innerHTML = drawThread([whole], this.around);
    this.shown([whole]);
    this.openBegun();
  }

  private failed(again: () => void): void {
    this.thread.innerHTML = `<li class="empty"><p>${words.failed}</p><p class="row"><button class="btn btn-line" type="button" data-again>${words.again}</button></p></li>`;
    this.thread.querySelector("[data-again]")?.addEventListener("click", again);
  }

  private learn(responses: readonly ArticleResponse[]): void {
    for (const response of responses) {
      this.known.set(response.id, response);
      this.learn(response.replies);
    }
  }

  private shown(responses: readonly ArticleResponse[]): void {
    for (const response of responses) {
      if (response.author) learnClaps(response.id, response.myClaps, response.claps);
      this.shown(response.replies);
    }
  }

  private count(total: number): void {
    this.total = total;
    const title = this.section.querySelector("[data-talk-title]");
    if (title) title.textContent = words.title(total);
    showResponses(total);
  }

  private locked(isLocked: boolean): void {
    if (this.section.dataset.locked === String(isLocked)) return;
    this.section.dataset.locked = String(isLocked);
    this.section.querySelector(".talk-locked")?.remove();
    if (isLocked) this.section.querySelector(".talk-head")?.insertAdjacentHTML("afterend", `<p class="talk-locked">${words.locked}</p>`);
    this.compose();
  }

  private next(token: string | null | undefined): void {
    const more = this.section.querySelector<HTMLAnchorElement>("[data-more-responses]");
    if (!more) return;
    more.hidden = !token;
    more.dataset.moreResponses = token ?? "";
    more.textContent = words.more;
    if (token) more.href = `${this.section.dataset.url}/responses?${this.sort === "newest" ? "sort=newest&" : ""}page=${encodeURIComponent(token)}`;
  }

  private say(text: string): void {
    const live = this.section.querySelector("[data-talk-said]");
    if (live) live.textContent = text;
  }

  /** A link to a response that is not on this page leads to the page where it is. */
  private toHash(): void {
    const id = /^#response-([0-9a-f-]{36})$/.exec(location.hash)?.[1];
    if (!id) return;
    const place = this.placeOf(id);
    if (place) place.scrollIntoView({ block: "center" });
    else location.replace(`${this.section.dataset.url}/responses/${id}`);
  }

  private placeOf = (id: string) => this.thread.querySelector<HTMLElement>(`[data-response="${CSS.escape(id)}"]`);

  // --- Writing ---

  private compose(): void {
    const here = this.section.querySelector<HTMLElement>("[data-compose-here]");
    if (!here) return;
    const { author, authorName = "", url, locked } = this.section.dataset;
    const host =
      this.me === author
        ? `<p class="talk-host"><button class="btn-text" type="button" data-lock>${locked === "true" ? words.unlock : words.lock}</button></p>`
        : "";
    here.innerHTML = host;
    if (locked === "true" || this.section.dataset.threadOf) return;
    here.prepend(
      composer({
        key: draftKey(this.article, ""),
        label: words.compose.label,
        placeholder: words.compose.placeholder(authorName),
        button: words.compose.send,
        signInFirst: this.me ? undefined : `${url}#responses`,
        send: (markdown, key) => ask<ArticleResponse | null>(this.mine, { method: "POST", body: { markdown }, key, meanwhile: null }),
        done: (response) => {
          this.learn([response]);
          this.thread.querySelector(".empty")?.remove();
          this.arrived(response, this.thread, "afterbegin");
        },
      }),
    );
  }

  private answer(id: string, focus = true): void {
    const place = this.placeOf(id);
    const article = place?.querySelector(":scope > article");
    if (!place || !article) return;
    const open = place.querySelector<HTMLElement>(":scope > .respond textarea");
    if (open) return open.focus();
    const name = place.querySelector(":scope > article .who")?.textContent ?? "";
    const form = composer({
      key: draftKey(this.article, id),
      label: words.compose.replyLabel(name),
      button: words.compose.sendReply,
      signInFirst: this.me ? undefined : `${this.section.dataset.url}/responses/${id}`,
      send: (markdown, key) => ask<ArticleResponse | null>(this.mine, { method: "POST", body: { markdown, parentId: id }, key, meanwhile: null }),
      done: (response) => {
        form.remove();
        this.learn([response]);
        // On the last level an answer stands beside what it answers.
        const beside = String(response.depth) === place.dataset.depth;
        const list = beside ? place.closest("[data-replies]") : place.querySelector(":scope > [data-replies]");
        if (list) this.arrived(response, list, "beforeend");
      },
      cancel: () => {
        form.remove();
        place.querySelector<HTMLElement>("[data-reply]")?.focus();
      },
    });
    article.after(form);
    if (focus) form.querySelector("textarea")?.focus();
  }

  private edit(id: string): void {
    const response = this.known.get(id);
    const place = this.placeOf(id);
    const text = place?.querySelector<HTMLElement>(":scope > article [data-text]");
    const actions = place?.querySelector<HTMLElement>(":scope > article .response-actions");
    if (!response || !place || !text || !actions) return;
    let revision = response.revision;
    const close = () => {
      form.remove();
      text.hidden = actions.hidden = false;
      place.querySelector<HTMLElement>("summary")?.focus();
    };
    const form = composer({
      key: draftKey(this.article, `edit-${id}`),
      label: words.compose.editLabel,
      button: words.compose.save,
      text: response.markdown ?? "",
      send: async (markdown) => {
        const answer: Told<ArticleResponse> = await ask(`${this.mine}/${id}`, { method: "PUT", body: { markdown, revision } });
        // What is saved next replaces the other version knowingly: it is shown beside.
        const current = answer.ok ? undefined : (answer.problem as { current?: ArticleResponse }).current;
        if (current) revision = current.revision;
        return answer;
      },
      done: (changed) => {
        const kept = { ...changed, replies: response.replies, nextRepliesToken: response.nextRepliesToken };
        this.redraw(kept);
        this.say(words.compose.saved);
        this.placeOf(id)?.querySelector("summary")?.focus();
      },
      cancel: close,
    });
    text.hidden = actions.hidden = true;
    text.after(form);
    form.querySelector("textarea")?.focus();
  }

  /** A response that was just sent: in its place, in sight, marked. */
  private arrived(response: ArticleResponse, list: Element, where: "afterbegin" | "beforeend"): void {
    list.insertAdjacentHTML(where, drawResponse(response, { ...this.around, marked: response.id }));
    this.shown([response]);
    this.count(this.total + 1);
    const place = this.placeOf(response.id);
    place?.scrollIntoView({ block: "nearest" });
    place?.querySelector<HTMLElement>(".who")?.focus({ preventScroll: true });
    this.say(words.compose.sent);
  }

  /** Its own words anew; the answers under it stay as they are. */
  private redraw(response: ArticleResponse): void {
    this.learn([response]);
    const place = this.placeOf(response.id);
    if (!place) return;
    const drawn = document.createElement("ol");
    drawn.innerHTML = drawResponse(response, this.around);
    const article = drawn.querySelector("article");
    if (article) place.querySelector(":scope > article")?.replaceWith(article);
    this.shown([{ ...response, replies: [] }]);
  }

  /** Answers that were begun before a reload or signing in are open again. */
  private openBegun(): void {
    for (const id of begunAnswers(this.article)) if (this.placeOf(id)?.querySelector(":scope > article [data-reply]")) this.answer(id, false);
  }

  // --- What is pressed ---

  private clicked(event: Event): void {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-reply],[data-act],[data-more-replies],[data-more-responses],[data-sort-by],[data-lock]") : null;
    if (!target) return;
    const { act, moreReplies, moreResponses, sortBy, lock } = target.dataset;
    const id = target.closest<HTMLElement>("[data-response]")?.dataset.response ?? "";
    if (target.matches("a")) event.preventDefault();
    if (sortBy) this.reorder(sortBy);
    else if (moreReplies) void this.moreReplies(target, id, moreReplies);
    else if (moreResponses !== undefined) void this.moreResponses(target, moreResponses);
    else if (lock !== undefined) void this.lock(this.section.dataset.locked !== "true");
    else if (!act) this.answer(id);
    else this.act(act, id, target);
  }

  private act(act: string, id: string, target: HTMLElement): void {
    target.closest("details")?.removeAttribute("open");
    if (act === "link") {
      const address = new URL(`${this.section.dataset.url}/responses/${id}`, location.href).href;
      void navigator.clipboard?.writeText(address).then(() => toast(words.linkCopied));
    } else if (act === "edit") this.edit(id);
    else if (act === "delete") void this.remove(id);
    else void this.hide(id, act === "hide");
  }

  private reorder(sort: string): void {
    if (sort === this.sort && !this.section.dataset.page) return;
    this.sort = sort;
    delete this.section.dataset.page;
    for (const link of this.section.querySelectorAll<HTMLElement>("[data-sort-by]")) {
      if (link.dataset.sortBy === sort) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    void this.load();
  }

  private async moreResponses(link: HTMLElement, token: string): Promise<void> {
    if (!token) return location.assign((link as HTMLAnchorElement).href);
    const answer = await ask<ResponseList>(`${this.list}?sort=${this.sort}&pageToken=${encodeURIComponent(token)}`);
    if (!answer.ok) return toast(words.failed);
    // Applause may have moved one of them onto this page meanwhile.
    const fresh = answer.value.items.filter(({ id }) => !this.placeOf(id));
    this.append(this.thread, fresh);
    this.next(answer.value.nextPageToken);
  }

  private async moreReplies(link: HTMLElement, id: string, token: string): Promise<void> {
    const answer = await ask<ResponseList>(`${this.list}?parent=${id}&pageToken=${encodeURIComponent(token)}`);
    const list = link.parentElement?.querySelector(":scope > [data-replies]");
    if (!answer.ok || !list) return toast(words.failed);
    this.append(list, answer.value.items.filter((reply) => !this.placeOf(reply.id)));
    if (answer.value.nextPageToken) link.dataset.moreReplies = answer.value.nextPageToken;
    else link.remove();
  }

  private append(list: Element, responses: readonly ArticleResponse[]): void {
    this.learn(responses);
    list.insertAdjacentHTML("beforeend", drawThread(responses, this.around));
    this.shown(responses);
    const [first] = responses;
    if (first) this.placeOf(first.id)?.querySelector<HTMLElement>(".who")?.focus({ preventScroll: true });
  }

  private async remove(id: string): Promise<void> {
    if (!(await sure(words.deleteAsk, words.deleteText, words.delete, words.keep))) return;
    const answer = await ask(`${this.mine}/${id}`, { method: "DELETE" });
    if (!answer.ok) return toast((answer.status < 500 && answer.problem.detail) || words.actionFailed);
    const place = this.placeOf(id);
    const wasCounted = this.known.get(id)?.state === "visible";
    if (place?.querySelector(":scope > [data-replies] > li, :scope > [data-more-replies]"))
      place.querySelector(":scope > article")?.replaceChildren(Object.assign(document.createElement("p"), { className: "response-stub", textContent: words.deleted }));
    else place?.remove();
    this.count(Math.max(0, this.total - (wasCounted ? 1 : 0)));
    if (!this.thread.firstElementChild) this.thread.innerHTML = drawEmpty();
    this.section.focus({ preventScroll: true });
    toast(words.deletedDone);
  }

  private async hide(id: string, hidden: boolean): Promise<void> {
    const answer = await ask<ArticleResponse>(`${this.mine}/${id}/hidden`, { method: "PUT", body: { hidden } });
    if (!answer.ok) return toast((answer.status < 500 && answer.problem.detail) || words.actionFailed);
    const before = this.known.get(id);
    this.redraw({ ...answer.value, replies: before?.replies ?? [], nextRepliesToken: before?.nextRepliesToken ?? null });
    this.count(this.total + (hidden ? -1 : 1));
    if (hidden) toast(words.hiddenDone, { label: words.undo, act: () => void this.hide(id, false) });
    else toast(words.shownDone);
  }

  private async lock(locked: boolean): Promise<void> {
    const answer = await ask(`/api/v1/me/reader/${this.article}/locked`, { method: "PUT", body: { locked } });
    if (!answer.ok) return toast(words.actionFailed);
    this.locked(locked);
    this.section.querySelector<HTMLElement>("[data-lock]")?.focus();
    toast(locked ? words.lockDone : words.unlockDone, { label: words.undo, act: () => void this.lock(!locked) });
    void this.load();
  }
}
