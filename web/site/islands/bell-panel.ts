// The bell in the header: its number, the list under it, the number in the title of the tab, and a quiet word when something happens.
import type { Bell, LiveUpdate, NotificationItem, NotificationList } from "@blog/api";
import { spokenDate, exactDate } from "@/lib/dates";
import { initialsOf } from "@/lib/initials";
import { liveEvent, merged, sentence, spoken } from "@/lib/notifications";
import { sourceOf } from "@/lib/pictures";
import { notifications as words } from "@/messages/notifications";
import { ask } from "./ask";
import { follow } from "./live";

const most = 20;

const panel = document.querySelector<HTMLDetailsElement>("[data-bell]");
const part = (name: string) => panel?.querySelector<HTMLElement>(`[data-bell-${name}]`) ?? undefined;
const said = document.querySelector<HTMLElement>("[data-bell-said]");

let state: Bell = { sequence: 0, unread: 0, unseen: 0, readPosition: 0 };
/** Undefined until the list was opened. */
let items: NotificationItem[] | undefined;
let begun = false;

if (panel?.dataset.person) {
  follow(panel.dataset.person, take);
  panel.addEventListener("toggle", () => {
    if (!panel.open) return;
    if (items) see();
    else void load();
  });
  part("read")?.addEventListener("click", () => void readAll());
}

function take(update: LiveUpdate): void {
  state = update.bell;
  number();
  if (update.reset) items = undefined;
  if (items) {
    items = merged(items, update).slice(0, most);
    draw(items);
  }
  if (panel?.open) {
    if (items) see();
    else void load();
  }
  const news = update.changes.filter(({ unread, withdrawn }) => unread && !withdrawn).at(-1);
  if (said && news && begun && document.visibilityState === "visible") said.textContent = spoken(news);
  begun = true;
  document.dispatchEvent(new CustomEvent<LiveUpdate>(liveEvent, { detail: update }));
}

function number(): void {
  const { unseen, unread } = state;
  const count = part("count");
  if (count) {
    count.textContent = words.count(unseen);
    count.hidden = unseen === 0;
  }
  const label = part("label");
  if (label) label.textContent = words.bell(unseen);
  const button = part("read");
  if (button) button.hidden = unread === 0;
  const plain = document.title.replace(/^\(\d+\+?\) /, "");
  document.title = unseen === 0 ? plain : `(${words.count(unseen)}) ${plain}`;
}

async function load(): Promise<void> {
  const answer = await ask<NotificationList>(`/api/v1/me/notifications?pageSize=${most}`);
  if (!answer.ok) {
    const note = document.createElement("p");
    note.className = "bell-empty";
    note.textContent = words.failed;
    part("list")?.replaceChildren(note);
    return;
  }
  items = answer.value.items;
  state = answer.value.bell;
  number();
  draw(items);
  see();
}

/** An open list has been seen; the numbers of every window follow by the stream. */
function see(): void {
  if (state.unseen > 0) void ask("/api/v1/me/notifications/seen", { method: "POST", body: { upToPosition: state.sequence } });
}

async function readAll(): Promise<void> {
  if (items) draw((items = items.map((item) => ({ ...item, unread: false }))));
  part("read")?.setAttribute("hidden", "");
  panel?.querySelector("summary")?.focus();
  await ask("/api/v1/me/notifications/read", { method: "POST", body: { upToPosition: state.sequence } });
}

function draw(list: readonly NotificationItem[]): void {
  const place = part("list");
  if (!place) return;
  if (list.length === 0) {
    const empty = document.createElement("p");
    empty.className = "bell-empty";
    empty.textContent = words.emptyShort;
    place.replaceChildren(empty);
    return;
  }
  const focused = document.activeElement?.closest<HTMLElement>("[data-bell-list] [data-id]")?.dataset.id;
  const notes = document.createElement("ul");
  notes.className = "notes";
  notes.append(...list.map(row));
  place.replaceChildren(notes);
  if (focused) place.querySelector<HTMLElement>(`[data-id="${CSS.escape(focused)}"] a`)?.focus();
}

function row(item: NotificationItem): HTMLElement {
  const note = document.createElement("li");
  note.className = item.unread ? "note note-new" : "note";
  note.dataset.id = item.id;
  const text = document.createElement("p");
  text.className = "text";
  if (item.unread) text.append(make("span", "sr", words.unread));
  const line = document.createElement(item.url ? "a" : "span");
  line.className = "go";
  if (item.url) {
    line.setAttribute("href", item.url);
    line.addEventListener("click", () => {
      if (item.unread) void ask("/api/v1/me/notifications/read", { method: "POST", body: { ids: [item.id] }, keepalive: true });
    });
  }
  line.append(...sentence(item).map(({ text: piece, strong }) => (strong ? make("b", "", piece) : document.createTextNode(piece))));
  text.append(line);
  const body = document.createElement("div");
  body.append(text);
  if (item.excerpt) body.append(make("p", "said", item.excerpt));
  const time = make("time", "", spokenDate(item.at, Date.now()));
  time.setAttribute("datetime", item.at);
  time.title = exactDate(item.at);
  const meta = make("p", "meta", "");
  meta.append(time);
  body.append(meta);
  note.append(avatar(item), body);
  return note;
}

function avatar({ actors: [actor] }: NotificationItem): HTMLElement {
  const place = make("span", "avatar", actor?.avatarUrl ? "" : initialsOf(actor?.name ?? words.somebody));
  place.setAttribute("aria-hidden", "true");
  if (actor?.avatarUrl) {
    const image = document.createElement("img");
    image.src = sourceOf(actor.avatarUrl, 384, 384).src;
    image.alt = "";
    image.width = image.height = 40;
    place.append(image);
  }
  return place;
}

function make(tag: string, className: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
