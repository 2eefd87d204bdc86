import type { RecommendationReason } from "@blog/api";
import { forYou as words } from "@/messages/for-you";

/** What stands before the name of the thing that a reason speaks of, and the name; without a thing, all of it. */
export function spokenReason({ kind, id, name }: RecommendationReason): { text: string; name: string | null } {
  if (id === null) return { text: words.reasons[kind], name: null };
  return name === null ? { text: words.unnamed, name: null } : { text: words.reasons[kind], name };
}
