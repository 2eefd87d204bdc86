// Follow buttons, wherever they stand: <button data-follow="people|topics" data-id data-name>. What a click means shows at once and is taken back when the
// server does not agree. Muting and blocking come with a further part when they are first needed.
import type { RelatedPersonList, Standing, Standings } from "@blog/api";
import { signInAddress } from "@/components/session-links";
import { inTurn } from "@/lib/in-turn";
import { people as words } from "@/messages/people";
import { ask } from "./ask";
import type { ActedEvent } from "./push";
import { onReader, whoReads } from "./reader";
import { toast } from "./toast";

const button = "button[data-follow]";
/** What somebody wanted to follow when they left to sign in; of this tab only. */
const intent = "follow";

interface Wish {
  kind: string;
  id: string;
  name: string;
}

const wishOf = ({ dataset }: HTMLElement): Wish => ({ kind: dataset.follow ?? "people", id: dataset.id ?? "", name: dataset.name ?? "" });
const buttonsOf = ({ kind, id }: Wish) => [...document.querySelectorAll<HTMLElement>(`${button}[data-follow="${kind}"][data-id="${CSS.escape(id)}"]`)];

export function following(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const pressed = target?.closest<HTMLElement>(button);
    if (pressed) void press(wishOf(pressed), !("following" in pressed.dataset));
    else if (target?.closest("[data-decide], [data-undecide]")) void import("./standing").then(({ decide }) => decide(target));
  });
  hideOwn();
  onReader(({ user, mine }) => {
    if (!user) return;
    hideOwn(user.id);
    if (mine?.author) learn("people", mine.author);
    else void askAll();
    void keepPromise(user.id);
  });
}

/** Nobody follows themselves; known before anything was asked when this browser was signed in before. */
function hideOwn(id = keptId()): void {
  if (!id) return;
  for (const own of document.querySelectorAll<HTMLElement>(`${button}[data-id="${CSS.escape(id)}"], [data-about="${CSS.escape(id)}"]`)) own.hidden = true;
}

function keptId(): string | null {
  try {
    return localStorage.getItem("session");
  } catch {
    return null;
  }
}

/** One request for all buttons of a page. A list of people asks for the list as its reader may see it, and shows no more than that. */
async function askAll(): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-people]");
  if (list) {
    const answer = await ask<RelatedPersonList>(list.dataset.people ?? "");
    if (!answer.ok) return;
    const seen = new Map(answer.value.items.map(({ standing }) => [standing.id, standing]));
    for (const row of list.querySelectorAll<HTMLElement>("[data-person]")) {
      const standing = seen.get(row.dataset.person ?? "");
      if (standing) learn("people", standing);
      else row.hidden = true;
    }
    return;
  }
  const query = [...new Set([...document.querySelectorAll<HTMLElement>(button)].map((each) => `${each.dataset.follow}=${encodeURIComponent(each.dataset.id ?? "")}`))].slice(0, 100);
  if (query.length === 0) return;
  const answer = await ask<Standings>(`/api/v1/me/relations?${query.join("&")}`);
  if (!answer.ok) return;
  for (const standing of answer.value.people) learn("people", standing);
  for (const standing of answer.value.topics) learn("topics", standing);
  for (const standing of answer.value.publications) learn("publications", standing);
}

/** Shows what the server says. */
export function learn(kind: string, standing: Standing): void {
  const { id, following, followerCount, muted, blocked } = standing;
  show({ kind, id, name: "" }, following);
  for (const place of document.querySelectorAll<HTMLElement>(`[data-followers="${CSS.escape(id)}"]`)) place.textContent = words.followers(followerCount);
  if (muted || blocked || document.querySelector("[data-decided]:not([hidden])")) void import("./standing").then(({ showDecided }) => showDecided(standing));
}

function show(wish: Wish, follows: boolean): void {
  for (const each of buttonsOf(wish)) {
    if (follows) each.dataset.following = "";
    else delete each.dataset.following;
  }
}

async function press(wish: Wish, follows: boolean): Promise<void> {
  // Until it is known who reads, a click waits; the first words of the button may change under it.
  const { user } = await whoReads();
  if (!user) return leave(wish);
  if (user.id === wish.id) return;
  await send(wish, follows);
}

/** The last click on what may be followed; what is answered to an earlier one is not news any more. */
const last = new Map<string, symbol>();

async function send(wish: Wish, follows: boolean): Promise<void> {
  const [address, click] = [`/api/v1/me/following/${wish.kind}/${encodeURIComponent(wish.id)}`, Symbol()];
  last.set(address, click);
  show(wish, follows);
  const answer = await inTurn(address, () => ask<Partial<Standing> | undefined>(address, { method: follows ? "PUT" : "DELETE", keepalive: true, meanwhile: {} }));
  if (last.get(address) !== click) return;
  if (answer.ok) {
    // Offline it waits on this device and comes back without a standing.
    if (answer.value?.id) learn(wish.kind, answer.value as Standing);
    if (follows && wish.kind === "people") document.dispatchEvent(new CustomEvent<ActedEvent>("blog:acted", { detail: { kind: "followed", name: wish.name } }));
    if (!follows) toast(words.unfollowed(wish.name), [{ label: words.undo, act: () => void send(wish, true) }]);
    return;
  }
  show(wish, !follows);
  if (answer.status === 401) return leave(wish);
  const refused = answer.status === 404 ? words.refused(wish.name) : answer.status >= 400 && answer.status < 500 ? answer.problem.detail : undefined;
  toast(refused ?? words.failed);
}

/** To the sign-in page and back here; what was wanted is done then. */
function leave(wish: Wish): void {
  try {
    sessionStorage.setItem(intent, JSON.stringify(wish));
  } catch {
    // Without storage the button is pressed once more after signing in.
  }
  const door = document.createElement("a");
  door.href = signInAddress(location.pathname + location.search);
  document.body.append(door);
  door.click();
}

async function keepPromise(me: string): Promise<void> {
  let kept: string | null = null;
  try {
    kept = sessionStorage.getItem(intent);
    sessionStorage.removeItem(intent);
  } catch {
    return;
  }
  if (!kept) return;
  const wish = JSON.parse(kept) as Wish;
  if (wish.id === me) return;
  await send(wish, true);
  if (buttonsOf(wish).some((each) => "following" in each.dataset)) toast(words.followed(wish.name));
}

