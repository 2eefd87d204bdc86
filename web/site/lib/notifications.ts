// How a notification is said: the same for the panel under the bell, the page, and what is read aloud.
import type { LiveUpdate, NotificationItem } from "@blog/api";
import { notifications as words } from "@/messages/notifications";

export interface Part {
  text: string;
  strong?: boolean;
}

/** "{a} and {b}" with parts in place of the names in braces. */
function fill(template: string, slots: Record<string, readonly Part[]>): Part[] {
  return template.split(/(\{\w+\})/).flatMap((piece) => (piece.startsWith("{") ? (slots[piece.slice(1, -1)] ?? []) : piece ? [{ text: piece }] : []));
}

function who({ actors, actorCount }: NotificationItem): Part[] {
  const [a = words.somebody, b, c] = actors.map(({ name }) => name);
  const slots = Object.fromEntries(Object.entries({ a, b: b ?? "", c: c ?? "" }).map(([key, text]) => [key, [{ text, strong: true }]]));
  if (!b || actorCount < 2) return fill(words.who.one, slots);
  if (actorCount === 2) return fill(words.who.two, slots);
  return fill(actorCount === 3 && c ? words.who.three : words.who.more(actorCount - 2), slots);
}

export function sentence(item: NotificationItem): Part[] {
  const template = item.kind === "claps" && item.onResponse ? words.sentence.clapsForResponse : words.sentence[item.kind];
  return fill(template, { who: who(item), title: [{ text: item.title || words.untitled, strong: true }] });
}

export const spoken = (item: NotificationItem): string => sentence(item).map(({ text }) => text).join("");

/** The list after a change: what was taken back is gone, the rest is in order, the last activity first. */
export function merged(items: readonly NotificationItem[], { bell, changes }: Pick<LiveUpdate, "bell" | "changes">): NotificationItem[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  for (const change of changes)
    if (change.withdrawn) byId.delete(change.id);
    else byId.set(change.id, change);
  return [...byId.values()]
    .map((item) => (item.unread && item.position <= bell.readPosition ? { ...item, unread: false } : item))
    .sort((one, other) => other.position - one.position);
}

/** Sent on the document with each LiveUpdate that arrives in this tab or another one. */
export const liveEvent = "blog:live";
