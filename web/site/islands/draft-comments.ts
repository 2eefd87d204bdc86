// A reviewer's side of a draft: the commented words are marked, selected words can be commented on, comments can be answered.
import type { DraftComment, PassageSelector } from "@blog/api";
import { find, selectorOf } from "@/lib/highlights/selector";
import { ArticleText } from "@/lib/highlights/text";
import { inShort } from "@/lib/draft-comments";
import { reviews } from "@/messages/reviews";
import { ask } from "./ask";
import { composer, type Sent } from "./draft-composer";
import { button, element, isNarrow, page } from "./highlights/elements";
import { whoReads } from "./reader";
import { secrets } from "./draft-secrets";
import { sure } from "./talk/sure";
import { toast } from "./toast";

const words = reviews.draft;
const longest = 2000;

let token = "";
let canComment = false;
let prose: HTMLElement | null = null;
let text: ArticleText | undefined;
let markers: HTMLElement | undefined;

export function start(draft: HTMLElement): void {
  token = draft.dataset.draft ?? "";
  canComment = draft.dataset.canComment !== undefined;
  prose = draft.querySelector<HTMLElement>(".prose");
  if (prose) {
    markers = element("div", { class: "markers", role: "group", "aria-label": words.comments });
    prose.after(markers);
    new ResizeObserver(arrange).observe(prose);
    if (canComment) watchSelection(prose);
  }
  wire();
}

/** The comments as the server drew them, now and after each one that was sent. */
function wire(): void {
  const whole = document.querySelector<HTMLElement>("[data-comment-whole]");
  if (whole) {
    whole.hidden = false;
    const open = whole.querySelector("button");
    open?.addEventListener("click", () => {
      whole.hidden = true;
      whole.after(composer({ label: words.text, send: post, onSent: (comment) => void refresh(comment), onCancel: () => back(whole, open) }));
    });
  }
  for (const thread of document.querySelectorAll<HTMLElement>("[data-comment]")) tools(thread);
  void whoReads().then(({ user }) => offerBack(user?.handle));
  draw();
}

function tools(thread: HTMLElement): void {
  const row = thread.querySelector<HTMLElement>("[data-tools]");
  const answer = thread.querySelector<HTMLButtonElement>("[data-answer]");
  const show = thread.querySelector<HTMLButtonElement>("[data-show]");
  if (!row || !row.children.length) return;
  row.hidden = false;
  answer?.addEventListener("click", () => {
    row.hidden = true;
    const send = (sent: Sent) => post({ ...sent, parentId: thread.dataset.comment });
    row.after(composer({ label: words.text, send, onSent: (comment) => void refresh(comment), onCancel: () => back(row, answer) }));
  });
  show?.addEventListener("click", () => {
    const range = placed().find(({ id }) => id === thread.dataset.comment)?.range;
    if (!range) return;
    scrollTo({ top: scrollY + range.getBoundingClientRect().top - innerHeight / 3 });
    if ("highlights" in CSS) CSS.highlights.set("shown", new Highlight(range));
  });
}

/** Beside what this reader said, and nobody answered. */
function offerBack(handle: string | undefined): void {
  for (const row of document.querySelectorAll<HTMLElement>("[data-take-back]")) {
    const { takeBack: id = "", by } = row.dataset;
    if (row.querySelector("[data-back]") || !(by ? by === handle : secrets.of(id))) continue;
    const opener = button(words.takeBack, () => void takeBack(id), undefined, "btn btn-bare");
    opener.dataset.back = "";
    row.append(opener);
    row.hidden = false;
  }
}

async function takeBack(id: string): Promise<void> {
  if (!(await sure(words.askTakeBack, words.askTakeBackText, words.takeBack, words.keep))) return;
  const answer = await ask(`/api/v1/drafts/${encodeURIComponent(token)}/comments/${id}/withdraw`, { method: "POST", body: { secret: secrets.of(id) } });
  // Answered or removed meanwhile: the list says what is there now.
  if (!answer.ok && ![404, 409].includes(answer.status)) return toast(words.notTakenBack);
  if (answer.ok || answer.status === 404) secrets.forget(id);
  toast(answer.ok ? words.takenBack : (answer.problem.detail ?? words.notTakenBack));
  await drawAnew();
  document.getElementById("comments")?.focus({ preventScroll: true });
}

function back(hidden: HTMLElement, opener: HTMLElement): void {
  hidden.hidden = false;
  opener.focus();
}

const post = (sent: Sent) => ({ path: `/api/v1/drafts/${encodeURIComponent(token)}/comments`, body: sent });

/** Brings the reader to what they said. */
async function refresh(said: DraftComment): Promise<void> {
  close();
  toast(words.sent);
  if (said.secret) secrets.keep(said.id, said.secret);
  await drawAnew();
  document.getElementById(`comment-${said.parentId ?? said.id}`)?.focus({ preventScroll: said.passage !== null });
}

/** The list as the server has it now. */
async function drawAnew(): Promise<void> {
  const fresh = await fetch(location.pathname, { headers: { accept: "text/html" } }).then((answer) => (answer.ok ? answer.text() : undefined)).catch(() => undefined);
  const list = fresh && new DOMParser().parseFromString(fresh, "text/html").getElementById("comments");
  if (!list) return;
  document.getElementById("comments")?.replaceWith(document.adoptNode(list));
  wire();
}

// Marking

const current = (): ArticleText | undefined => {
  if (prose && !text?.isCurrent) text = new ArticleText(prose);
  return text;
};

interface Placed {
  id: string;
  label: string;
  range: Range;
}

function placed(): Placed[] {
  const where = current();
  return [...document.querySelectorAll<HTMLElement>("[data-passage]")].flatMap(({ dataset }) => {
    const passage = where && find(where.text, JSON.parse(dataset.passage ?? "{}") as PassageSelector);
    const range = passage && where.rangeOf(passage);
    return range ? [{ id: dataset.comment ?? "", label: dataset.label ?? "", range }] : [];
  });
}

const rangeOf = new WeakMap<Element, Range>();

function draw(): void {
  const all = placed();
  if ("highlights" in CSS) CSS.highlights.set("comments", new Highlight(...all.map(({ range }) => range)));
  markers?.replaceChildren(
    ...all.map(({ id, label, range }, at) => {
      const name = `${at + 1}. ${label}`;
      const marker = element("a", { class: "marker", href: `#comment-${id}`, "aria-label": name, title: name }, String(at + 1));
      rangeOf.set(marker, range);
      return marker;
    }),
  );
  arrange();
}

/** Beside the line where the words begin; never over one another. */
function arrange(): void {
  if (!markers) return;
  const top = markers.getBoundingClientRect().top;
  let free = Number.NEGATIVE_INFINITY;
  for (const marker of markers.querySelectorAll<HTMLElement>(".marker")) {
    const wanted = (rangeOf.get(marker)?.getBoundingClientRect().top ?? 0) - top;
    const at = Math.max(wanted, free);
    free = at + 26;
    marker.style.top = `${at}px`;
  }
}

// Commenting on selected words

let tool: HTMLElement | undefined;
let card: HTMLElement | undefined;
const said = element("span", { class: "sr", role: "status" });

function watchSelection(story: HTMLElement): void {
  document.body.append(said);
  let resting: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("selectionchange", () => {
    clearTimeout(resting);
    resting = setTimeout(() => offer(story), 200);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      hide();
    }
    // From the selected words straight to the tool.
    if (event.key === "Tab" && !event.shiftKey && tool && !tool.contains(document.activeElement)) {
      event.preventDefault();
      tool.querySelector("button")?.focus();
    }
  });
}

function hide(): void {
  tool?.remove();
  tool = undefined;
  said.textContent = "";
}

function close(): void {
  card?.remove();
  card = undefined;
  if ("highlights" in CSS) CSS.highlights.delete("shown");
}

function offer(story: HTMLElement): void {
  const selection = getSelection();
  if (tool?.contains(document.activeElement)) return;
  hide();
  const range = selection && !selection.isCollapsed && selection.rangeCount > 0 && story.contains(selection.anchorNode) ? selection.getRangeAt(0).cloneRange() : undefined;
  if (!range || card || !current()?.passageOf(range)) return;
  tool = element("div", { class: "popover words" }, button(words.comment, () => write(range), "note"));
  // A press must not take the selection away.
  tool.addEventListener("pointerdown", (event) => event.preventDefault());
  page().append(tool);
  said.textContent = words.said;
  if (!isNarrow()) beside(tool, range, true);
}

function write(range: Range): void {
  const where = current();
  const passage = where?.passageOf(range);
  if (!where || !passage) return;
  const selector = selectorOf(where.text, passage);
  if ([...selector.exact].length > longest) return toast(words.tooLong);
  hide();
  close();
  getSelection()?.removeAllRanges();
  if ("highlights" in CSS) CSS.highlights.set("shown", new Highlight(range));
  const label = words.commentOn(inShort(selector.exact));
  card = element(
    "div",
    { class: "mark-card", role: "dialog", "aria-label": label },
    element("blockquote", { dir: "auto" }, inShort(selector.exact)),
    composer({ label: words.text, send: (sent) => post({ ...sent, passage: selector }), onSent: (comment) => void refresh(comment), onCancel: close }),
  );
  page().append(card);
  if (!isNarrow()) beside(card, range, false);
  card.querySelector("textarea")?.focus({ preventScroll: true });
}

function beside(box: HTMLElement, range: Range, above: boolean): void {
  const where = range.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(innerWidth - box.offsetWidth - 8, where.left + where.width / 2 - box.offsetWidth / 2))}px`;
  const over = where.top > box.offsetHeight + 70;
  const under = where.bottom + 8;
  box.style.top = `${scrollY + (over && (above || under + box.offsetHeight > innerHeight) ? where.top - box.offsetHeight - 8 : under)}px`;
}
