// Offers notifications of the browser, once there is a reason: somebody followed an author or responded. The browser's own question comes only
// after the offer was taken.
import { pushState, turnPushOn } from "@/lib/push";
import { push as words } from "@/messages/push";
import { toast } from "./toast";

/** Dispatched on the document by what gives a reason. */
export interface ActedEvent {
  kind: keyof typeof words.offer;
  /** Whom it concerns. */
  name: string;
}

const kept = "push-later";
/** Who said "not now" is not asked again for so long, milliseconds. */
const patience = 90 * 24 * 3600_000;

let shown = false;

export async function offerPush({ kind, name }: ActedEvent): Promise<void> {
  if (shown || saidLater() || !navigator.serviceWorker?.controller || (await pushState()) !== "off") return;
  shown = true;
  const card = document.createElement("section");
  card.className = "offer";
  card.setAttribute("aria-labelledby", "offer-title");
  const title = document.createElement("h2");
  title.id = "offer-title";
  title.textContent = words.offer[kind](name);
  const why = document.createElement("p");
  why.textContent = words.why;
  const row = document.createElement("div");
  row.className = "row";
  const button = (label: string, look: string, act: () => void) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn ${look}`;
    made.textContent = label;
    made.addEventListener("click", act);
    row.append(made);
  };
  button(words.turnOn, "btn-main", () => {
    card.remove();
    void turnPushOn().then((state) => toast(state === "on" ? words.done : words.states[state]));
  });
  button(words.later, "btn-bare", () => {
    card.remove();
    later();
  });
  card.append(title, why, row);
  document.body.append(card);
}

function saidLater(): boolean {
  try {
    return Date.now() - Number(localStorage.getItem(kept) ?? 0) < patience;
  } catch {
    return true; // what cannot be remembered would be asked again and again
  }
}

function later(): void {
  try {
    localStorage.setItem(kept, String(Date.now()));
  } catch {
    // Then it is not offered at all; see above.
  }
}
