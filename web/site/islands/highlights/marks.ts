// Highlights on a story: painted over the text without touching it, opened by a click or by the marker beside the line, made from a selection.
import type { HighlightConflict, MarkedPassage, MyHighlight, PassageSelector } from "@blog/api";
import { signInAddress } from "@/components/session-links";
import { find, selectorOf, textFragment } from "@/lib/highlights/selector";
import { ArticleText, type Passage } from "@/lib/highlights/text";
import { highlights as words } from "@/messages/highlights";
import { ask } from "../ask";
import { shownArticle, whoReads } from "../reader";
import { toast } from "../toast";
import { button, element, isNarrow, page } from "./elements";
import { shareQuote } from "./share";

export { ArticleText };

const longest = 2000;
const prose = document.querySelector<HTMLElement>("[data-article] .prose");
const article = shownArticle() ?? "";

interface Placed {
  passage: Passage;
  range: Range;
}
type Shown = (Placed & { mine: MyHighlight }) | (Placed & { theirs: MarkedPassage });

let text: ArticleText | undefined;
let mine: MyHighlight[] = [];
let passages: readonly MarkedPassage[] = [];
let shown: Shown[] = [];

const current = (): ArticleText | undefined => {
  if (prose && !text?.isCurrent) text = new ArticleText(prose);
  return text;
};

/** What the page has to show, once it is known. */
export function show(own: readonly MyHighlight[], marked: readonly MarkedPassage[]): void {
  mine = [...own];
  passages = marked;
  draw();
  const wanted = /^#highlight=(.+)$/.exec(location.hash)?.[1];
  const found = wanted && shown.find((one) => "mine" in one && one.mine.id === wanted);
  if (found) {
    const { top } = found.range.getBoundingClientRect();
    scrollTo({ top: scrollY + top - innerHeight / 3 });
    open(found);
  }
}

function place(selector: PassageSelector): Placed | undefined {
  const where = current();
  const passage = where && find(where.text, selector);
  const range = passage && where.rangeOf(passage);
  return range && { passage, range };
}

function draw(): void {
  const theirs = passages.flatMap((passage): Shown[] => {
    const placed = place(passage.selector);
    return placed ? [{ ...placed, theirs: passage }] : [];
  });
  const own = mine.flatMap((highlight): Shown[] => {
    const placed = highlight.place === "detached" ? undefined : place(highlight.selector);
    return placed ? [{ ...placed, mine: highlight }] : [];
  });
  shown = [...theirs, ...own];
  paint();
  markers();
}

// Painting

function paint(): void {
  const own = shown.filter((one) => "mine" in one);
  const theirs = shown.filter((one) => "theirs" in one);
  if ("highlights" in CSS) {
    CSS.highlights.set("theirs", new Highlight(...theirs.map(({ range }) => range)));
    CSS.highlights.set("mine", new Highlight(...own.map(({ range }) => range)));
  } else wrap(own);
}

/** Without the Custom Highlight API: elements around the words of my own; the text stays the same. */
function wrap(own: readonly Shown[]): void {
  for (const old of prose?.querySelectorAll("mark[data-mine]") ?? []) {
    const parent = old.parentNode;
    old.replaceWith(...old.childNodes);
    parent?.normalize();
  }
  text = undefined;
  for (const { passage } of own) {
    for (const { node, from, to } of current()?.piecesOf(passage) ?? []) {
      const piece = from > 0 ? node.splitText(from) : node;
      if (to - from < piece.length) piece.splitText(to - from);
      const mark = element("mark", { "data-mine": true });
      piece.replaceWith(mark);
      mark.append(piece);
    }
    text = undefined;
  }
  shown = shown.flatMap((one) => {
    const range = current()?.rangeOf(one.passage);
    return range ? [{ ...one, range }] : [];
  });
}

let margin: HTMLElement | undefined;
let gone: HTMLElement | undefined;

/** A button beside each highlighted line: what paint says to the eye, for the keyboard, the finger and the ear. */
function markers(): void {
  margin ??= element("div", { class: "markers", role: "group", "aria-label": words.page.title });
  if (!margin.isConnected) {
    prose?.after(margin);
    addEventListener("resize", arrange);
    if (prose) new ResizeObserver(arrange).observe(prose);
  }
  margin.replaceChildren(
    ...[...shown]
      .sort((a, b) => a.passage.start - b.passage.start)
      .map((one) => {
        const label = "mine" in one ? words.mine(one.mine.quote) : words.theirs(one.theirs.people, one.theirs.selector.exact);
        const count = "theirs" in one ? String(one.theirs.people) : "";
        const marker = element("button", { type: "button", class: "mine" in one ? "marker marker-mine" : "marker", "aria-label": label, title: label, click: () => open(one, marker) }, count);
        if ("mine" in one && one.mine.note) marker.classList.add("marker-note");
        rangeOfMarker.set(marker, one.range);
        return marker;
      }),
  );
  const lost = mine.filter(({ place }) => place === "detached").length;
  gone?.remove();
  gone = lost > 0 ? element("p", { class: "marks-gone", lang: "en" }, `${words.detached.count(lost)}. `, element("a", { class: "link", href: "/me/highlights" }, words.detached.show)) : undefined;
  if (gone) margin.after(gone);
  arrange();
}

const rangeOfMarker = new WeakMap<Element, Range>();

function arrange(): void {
  if (!margin) return;
  const top = margin.getBoundingClientRect().top;
  let free = Number.NEGATIVE_INFINITY;
  const places = [...margin.querySelectorAll<HTMLElement>(".marker")].map((marker) => {
    const range = rangeOfMarker.get(marker);
    const wanted = (range?.getClientRects()[0] ?? range?.getBoundingClientRect())?.top ?? 0;
    const at = Math.max(wanted - top, free);
    free = at + 26;
    return [marker, at] as const;
  });
  for (const [marker, at] of places) marker.style.top = `${at}px`;
}

// Opening

prose?.addEventListener("click", (event) => {
  if (!getSelection()?.isCollapsed || (event.target instanceof Element && event.target.closest("a, button, summary, input"))) return;
  const hit = shown.filter(({ range }) => [...range.getClientRects()].some((box) => event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom));
  // One's own, and of several the shortest.
  const [first] = hit.sort((a, b) => Number("mine" in b) - Number("mine" in a) || a.passage.end - a.passage.start - (b.passage.end - b.passage.start));
  if (first) open(first);
});

let card: { element: HTMLElement; from?: HTMLElement } | undefined;

function close(returning = false): void {
  const { element: closing, from } = card ?? {};
  card = undefined;
  closing?.remove();
  if (returning) (from?.isConnected ? from : document.querySelector<HTMLElement>(".marker"))?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (card) close(true);
  else hide();
});
document.addEventListener("pointerdown", ({ target }) => {
  if (card && target instanceof Node && !card.element.contains(target) && !prose?.contains(target)) close();
});

function open(one: Shown, from?: HTMLElement, writing = !isNarrow()): void {
  close();
  hide();
  const title = "mine" in one ? words.card.mine : words.people(one.theirs.people);
  const box = element(
    "div",
    { class: "mark-card", role: "dialog", "aria-label": title },
    element("div", { class: "mark-card-head" }, element("h2", {}, title), button(words.card.close, () => close(true), "close", "btn btn-icon")),
    ...("mine" in one ? ownCard(one) : theirCard(one)),
  );
  box.querySelector(".mark-card-head .btn span")?.classList.add("sr");
  document.body.append(box);
  card = { element: box, from };
  beside(box, one.range);
  // On a phone the keyboard comes up for who wants to write.
  ((writing && box.querySelector<HTMLElement>("textarea")) || box.querySelector<HTMLElement>("button"))?.focus({ preventScroll: true });
}

/** Under the words, or at the foot of a small screen (the style sheet's doing). */
function beside(box: HTMLElement, range: Range): void {
  if (isNarrow()) return;
  const where = range.getBoundingClientRect();
  const width = box.offsetWidth;
  box.style.left = `${Math.max(16, Math.min(innerWidth - width - 16, where.left + where.width / 2 - width / 2))}px`;
  const under = where.bottom + 10;
  box.style.top = `${scrollY + (under + box.offsetHeight > innerHeight && where.top > box.offsetHeight + 10 ? where.top - box.offsetHeight - 10 : under)}px`;
}

function ownCard({ mine: highlight, range }: Placed & { mine: MyHighlight }): Node[] {
  const note = element("textarea", { class: "input", id: "mark-note", rows: "3", maxlength: "2000", "aria-describedby": "mark-note-hint" });
  note.value = highlight.note;
  const isPublic = element("input", { type: "checkbox", id: "mark-public", checked: highlight.public });
  const said = element("p", { class: "meta", role: "status" });
  const save = button(words.card.save, () => void keep(), undefined, "btn btn-main");
  const keep = async () => {
    const answer = await ask<MyHighlight>(`/api/v1/me/highlights/${highlight.id}`, { method: "PATCH", body: { revision: highlight.revision, note: note.value, public: isPublic.checked } });
    if (answer.ok) {
      replace(answer.value);
      close(true);
      return toast(words.card.saved);
    }
    const theirs = (answer.problem as Partial<HighlightConflict>).current;
    if (answer.status === 409 && theirs) {
      highlight = theirs;
      said.textContent = `${words.card.conflict} “${theirs.note}”`;
    } else said.textContent = (answer.status < 500 && answer.problem.detail) || words.failed;
  };
  return [
    highlight.place === "changed" ? element("p", { class: "meta" }, words.card.changed) : undefined,
    highlight.place === "changed" ? element("blockquote", {}, highlight.quote) : undefined,
    element("div", { class: "field" }, element("label", { for: "mark-note" }, words.card.note), note, element("span", { class: "hint", id: "mark-note-hint" }, words.card.noteHint)),
    element("label", { class: "mark-public" }, isPublic, element("span", {}, words.card.public)),
    highlight.hidden ? element("p", { class: "meta" }, words.card.hidden) : undefined,
    said,
    element(
      "div",
      { class: "row" },
      save,
      button(words.card.share, () => void shareQuote(range.toString(), linkTo(range.toString())), "share", "btn btn-bare"),
      button(words.card.remove, () => void remove(highlight), "bin", "btn btn-bare"),
    ),
  ].filter((part) => part !== undefined);
}

function theirCard({ theirs, range }: Placed & { theirs: MarkedPassage }): Node[] {
  const author = document.querySelector<HTMLElement>("[data-article]")?.dataset.author;
  const list = element("ul", { class: "mark-people" });
  const others = element("div", { class: "row" });
  for (const { id, person, note } of theirs.highlights) {
    const item = element("li", {}, element("a", { class: "who", href: `/@${person.handle}` }, person.name), note ? element("p", {}, note) : undefined);
    void whoReads().then(({ user }) => {
      if (!user || user.id !== author || user.id === person.id) return;
      item.append(
        button(words.card.hide, () => void hideOne(id), undefined, "btn-text"),
      );
    });
    list.append(item);
  }
  others.append(
    button(words.card.alsoMine, () => void mark(range, false), "mark", "btn btn-line"),
    button(words.card.share, () => void shareQuote(theirs.selector.exact, linkTo(theirs.selector.exact)), "share", "btn btn-bare"),
  );
  return [list, others];
}

async function hideOne(id: string): Promise<void> {
  const answer = await ask(`/api/v1/me/articles/${article}/highlights/${id}/hidden`, { method: "PUT", body: { hidden: true } });
  if (!answer.ok) return toast(words.share.failed);
  passages = passages.map((p) => ({ ...p, people: p.highlights.some((h) => h.id === id) ? p.people - 1 : p.people, highlights: p.highlights.filter((h) => h.id !== id) })).filter((p) => p.people > 0);
  close();
  draw();
  toast(words.card.hiddenNow);
}

function replace(highlight: MyHighlight): void {
  mine = [...mine.filter(({ id }) => id !== highlight.id), highlight];
  draw();
}

async function remove(highlight: MyHighlight): Promise<void> {
  close();
  mine = mine.filter(({ id }) => id !== highlight.id);
  draw();
  const answer = await ask(`/api/v1/me/highlights/${highlight.id}`, { method: "DELETE" });
  if (!answer.ok && answer.status !== 404) {
    replace(highlight);
    return toast(words.failed);
  }
  toast(words.removed, {
    label: words.undo,
    act: async () => {
      const back = await ask<MyHighlight>(`/api/v1/me/highlights/${highlight.id}/restore`, { method: "POST" });
      if (!back.ok) return toast(words.failed);
      replace(back.value);
      toast(words.back);
    },
  });
}

// Making

let toolbar: HTMLElement | undefined;
let selection: Range | undefined;
const said = element("span", { class: "sr", role: "status" });

/** Called when the selection rests. */
export function selected(): void {
  const now = getSelection();
  if (toolbar?.contains(document.activeElement)) return;
  const range = now && !now.isCollapsed && now.rangeCount > 0 && prose?.contains(now.anchorNode) ? now.getRangeAt(0) : undefined;
  if (!range || !current()?.passageOf(range)) return hide();
  hide();
  close();
  selection = range.cloneRange();
  toolbar = element(
    "div",
    { class: "popover words", role: "toolbar", "aria-label": words.toolbar.label, "data-words": true },
    button(words.toolbar.highlight, () => void mark(selection, false), "mark"),
    button(words.toolbar.note, () => void mark(selection, true), "note"),
    button(words.toolbar.share, () => void quote(), "share"),
  );
  // A press must not take the selection away.
  toolbar.addEventListener("pointerdown", (event) => event.preventDefault());
  toolbar.addEventListener("keydown", walk);
  if (!said.isConnected) document.body.append(said);
  page().append(toolbar);
  said.textContent = words.toolbar.said;
  if (isNarrow()) return;
  const box = range.getBoundingClientRect();
  toolbar.style.left = `${Math.max(8, Math.min(innerWidth - toolbar.offsetWidth - 8, box.left + box.width / 2 - toolbar.offsetWidth / 2))}px`;
  toolbar.style.top = `${scrollY + (box.top > toolbar.offsetHeight + 70 ? box.top - toolbar.offsetHeight - 8 : box.bottom + 8)}px`;
}

function hide(): void {
  toolbar?.remove();
  toolbar = undefined;
  said.textContent = "";
}

// From the selected words straight to the tools; the arrows go from one to the next.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || event.shiftKey || !toolbar || toolbar.contains(document.activeElement)) return;
  event.preventDefault();
  toolbar.querySelector("button")?.focus();
});

function walk(event: KeyboardEvent): void {
  const buttons = [...(toolbar?.querySelectorAll("button") ?? [])];
  const at = buttons.findIndex((one) => one === document.activeElement);
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}

const linkTo = (exact: string) => {
  const canonical = document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href;
  return canonical.split("#")[0] + textFragment(exact);
};

async function quote(): Promise<void> {
  const where = current();
  const passage = selection && where?.passageOf(selection);
  if (!where || !passage) return;
  hide();
  const exact = where.text.slice(passage.start, passage.end);
  await shareQuote(exact, linkTo(exact));
}

async function mark(range: Range | undefined, withNote: boolean): Promise<void> {
  const where = current();
  const passage = range && where?.passageOf(range);
  if (!where || !passage) return;
  const { user } = await whoReads();
  if (!user) {
    hide();
    return toast(words.signIn, { label: words.signInAction, href: signInAddress(location.pathname + location.search) });
  }
  const selector = selectorOf(where.text, passage);
  if ([...selector.exact].length > longest) return toast(words.tooLong);
  hide();
  close();
  getSelection()?.removeAllRanges();
  const answer = await ask<MyHighlight>("/api/v1/me/highlights", { method: "POST", key: crypto.randomUUID?.(), body: { articleId: article, selector }, keepalive: true });
  if (!answer.ok) return toast((answer.status > 0 && answer.status < 500 && answer.problem.detail) || words.failed);
  replace(answer.value);
  const made = shown.find((one) => "mine" in one && one.mine.id === answer.value.id);
  if (withNote && made) open(made, undefined, true);
  else toast(words.kept, made && { label: words.toolbar.note, act: () => open(made, undefined, true) });
}
