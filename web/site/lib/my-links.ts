import { call, client, type Call } from "./browser";

const params = { header: { "X-CSRF": "1" } } as const;

export const resolveLink = (address: string, refresh = false) => call(client.POST("/api/v1/me/links/card", { params, body: { address, refresh } }));

export const checkLinks = (addresses: readonly string[]) => call(client.POST("/api/v1/me/links/check", { params, body: { addresses: [...addresses] } }));

/** What an address leads to, as far as it is known on this page. */
export type Card = { kind: "asking" } | { kind: "shown"; html: string } | { kind: "none"; problem: string };

const known = new Map<string, Promise<Card>>();

/** What readers get in place of an address that is a paragraph of its own; each is asked once, unless `again`. */
export function cardOf(address: string, unreachable: string, again = false): Promise<Card> {
  const before = known.get(address);
  if (before && !again) return before;
  const card = resolveLink(address, again).then((answer) => {
    const read = cardIn(answer, unreachable);
    // Nobody answered: whoever asks next may have more luck.
    if (answer.kind !== "done") known.delete(address);
    return read;
  });
  known.set(address, card);
  return card;
}

function cardIn(answer: Call<{ html?: string | null; problem?: string | null }>, unreachable: string): Card {
  if (answer.kind === "done") return answer.value.html ? { kind: "shown", html: answer.value.html } : { kind: "none", problem: answer.value.problem ?? "" };
  return { kind: "none", problem: answer.kind === "refused" ? answer.refusal.detail : unreachable };
}
