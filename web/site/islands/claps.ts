// Claps, wherever they stand: <span data-clap="subject" data-by="author" data-total="312"><button>…<span data-clap-total>, <button data-clap-undo>.
// A click is one clap, holding gives more. What was clapped shows at once and is sent when the hand rests, or when the page is left.
import type { MyClaps } from "@blog/api";
import { signInAddress } from "@/components/session-links";
import { shortCount } from "@/lib/counts";
import { clapping } from "@/messages/clap";
import { ask } from "./ask";
import { onReader, shownArticle, whoReads, type Reader } from "./reader";
import { toast } from "./toast";

const words = clapping.clap;
const most = 50;
const rest = 700;
const holdAfter = 350;
const holdEvery = 110;

class Applause {
  /** As the server has it; undefined until that is known. */
  private known: number | undefined;
  private wanted = 0;
  private touched = false;
  /** Of everyone else. */
  private others: number;
  private sending: ReturnType<typeof setTimeout> | undefined;
  private underWay = false;

  constructor(
    private readonly id: string,
    private readonly by: string,
    total: number,
  ) {
    this.others = total;
  }

  get isKnown(): boolean {
    return this.known !== undefined;
  }

  get mine(): number {
    return this.wanted;
  }

  get total(): number {
    return this.others + this.wanted;
  }

  /** What the server says, before or between claps. */
  learn(mine: number, total: number): void {
    const unsent = this.wanted - (this.known ?? 0);
    this.known = mine;
    this.others = Math.max(0, total - mine);
    this.wanted = Math.min(most, Math.max(0, mine + unsent));
    this.draw();
  }

  get isTouched(): boolean {
    return this.wanted !== (this.known ?? 0) || this.underWay;
  }

  set(count: number): void {
    if (count === this.wanted || count < 0 || count > most) return;
    this.wanted = count;
    this.touched = true;
    this.draw();
    if (count > 0) this.bubble();
    clearTimeout(this.sending);
    this.sending = setTimeout(() => void this.send(), rest);
  }

  async send(leaving = false): Promise<void> {
    clearTimeout(this.sending);
    if (this.wanted === this.known || (this.underWay && !leaving)) return;
    const sent = this.wanted;
    this.underWay = true;
    const answer = await ask<MyClaps>(`/api/v1/me/claps/${this.id}`, {
      method: "PUT",
      body: { claps: sent },
      keepalive: leaving,
      meanwhile: { claps: sent, total: this.others + sent },
    });
    this.underWay = false;
    if (answer.ok) {
      this.known = sent;
      this.others = Math.max(0, answer.value.total - sent);
      this.draw();
      this.say(words.done(this.wanted));
      if (this.wanted !== sent) void this.send();
      return;
    }
    this.wanted = this.known ?? 0;
    this.draw();
    if (answer.status === 401) invite();
    else toast((answer.status < 500 && answer.problem.detail) || words.failed);
  }

  draw(): void {
    for (const place of placesOf(this.id)) {
      const button = place.querySelector("button");
      const total = place.querySelector("[data-clap-total]");
      const undo = place.querySelector<HTMLElement>("[data-clap-undo]");
      if (!button || !total) continue;
      total.textContent = this.total > 0 ? shortCount(this.total) : "";
      button.classList.toggle("on", this.wanted > 0);
      button.setAttribute("aria-pressed", String(this.wanted > 0));
      const own = reading?.user?.id === this.by;
      button.setAttribute("aria-disabled", String(own));
      const label = own ? words.own(this.total) : this.wanted >= most ? words.most(this.total) : this.wanted > 0 ? words.mine(this.total, this.wanted) : words.clap(this.total);
      button.setAttribute("aria-label", label);
      button.title = own ? label : "";
      // Among many responses the way back stands only where one has just clapped.
      if (undo) undo.hidden = this.wanted === 0 || (!this.touched && place.closest("[data-response]") !== null);
    }
  }

  private bubble(): void {
    for (const place of placesOf(this.id)) {
      place.querySelector(".clap-bubble")?.remove();
      const bubble = document.createElement("span");
      bubble.className = "clap-bubble";
      bubble.setAttribute("aria-hidden", "true");
      bubble.textContent = `+${this.wanted}`;
      place.append(bubble);
      setTimeout(() => bubble.remove(), 900);
    }
  }

  private say(text: string): void {
    const [place] = placesOf(this.id);
    const live = place?.querySelector("[data-clap-said]");
    if (live) live.textContent = text;
  }
}

const known = new Map<string, Applause>();
let reading: Reader | undefined;

const placesOf = (id: string) => document.querySelectorAll<HTMLElement>(`[data-clap="${CSS.escape(id)}"]`);

function of(place: HTMLElement): Applause {
  const id = place.dataset.clap ?? "";
  let applause = known.get(id);
  if (!applause) known.set(id, (applause = new Applause(id, place.dataset.by ?? "", Number(place.dataset.total ?? 0))));
  return applause;
}

/** What the server says of one subject. */
export function learnClaps(id: string, mine: number, total: number): void {
  const [place] = placesOf(id);
  if (place) of(place).learn(mine, total);
}

const invite = () => toast(words.signIn, { label: clapping.signIn, href: signInAddress(location.pathname + location.search + location.hash) });

async function clap(place: HTMLElement): Promise<void> {
  const applause = of(place);
  reading ??= await whoReads();
  if (!reading.user) return invite();
  if (reading.user.id === place.dataset.by) return;
  // Setting a count without knowing the former would take claps back.
  if (!applause.isKnown) return toast(words.failed);
  applause.set(Math.min(most, applause.mine + 1));
}

const placeOf = (event: Event) => (event.target instanceof Element ? event.target.closest<HTMLElement>("[data-clap]") : null);
const isClap = (event: Event) => event.target instanceof Element && event.target.closest("[data-clap] > button:first-of-type") !== null;

export function claps(): void {
  let held: ReturnType<typeof setTimeout> | undefined;
  let wasHeld = false;
  const letGo = () => clearTimeout(held);
  document.addEventListener("pointerdown", (event) => {
    const place = placeOf(event);
    wasHeld = false;
    if (!place || event.button !== 0 || !isClap(event)) return;
    const again = () => {
      wasHeld = true;
      void clap(place);
      held = setTimeout(again, holdEvery);
    };
    held = setTimeout(again, holdAfter);
  });
  for (const end of ["pointerup", "pointercancel", "blur", "contextmenu"]) addEventListener(end, letGo);
  document.addEventListener("click", (event) => {
    const place = placeOf(event);
    if (!place) return;
    if (event.target instanceof Element && event.target.closest("[data-clap-undo]")) {
      of(place).set(0);
      place.querySelector("button")?.focus();
    } else if (isClap(event) && !wasHeld) void clap(place);
    wasHeld = false;
  });
  addEventListener("pagehide", () => {
    for (const applause of known.values()) if (applause.isTouched) void applause.send(true);
  });
  onReader((who) => {
    reading = who;
    const article = shownArticle();
    if (article && typeof who.mine?.claps === "number" && who.mine.counts) learnClaps(article, who.mine.claps, who.mine.counts.claps);
    for (const place of document.querySelectorAll<HTMLElement>("[data-clap]")) of(place).draw();
  });
}
