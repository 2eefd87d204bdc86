// The box in which a response is written. What is typed is kept on this device until it was sent, whatever happens in between.
import type { ArticleResponse, Problem } from "@blog/api";
import { signInAddress } from "@/components/session-links";
import { escape } from "@/lib/talk/draw";
import { talk } from "@/messages/talk";
import type { Told } from "../ask";
import type { ActedEvent } from "../push";
import { keepDraft, keptDraft } from "./drafts";

const words = talk.compose;
const longest = 10_000;
const tell = 500;

export interface Composing {
  key: string;
  label: string;
  placeholder?: string;
  button: string;
  /** What stands in it when nothing is kept. */
  text?: string;
  /** Nobody is signed in: where signing in comes back to. */
  signInFirst?: string;
  /** The same key again, so that a second try never posts twice. */
  /** Null: it waits on this device for a network. */
  send: (text: string, key: string) => Promise<Told<ArticleResponse | null>>;
  done: (response: ArticleResponse) => void;
  cancel?: () => void;
}

let count = 0;

export function composer(composing: Composing): HTMLFormElement {
  const id = `compose-${++count}`;
  const form = document.createElement("form");
  form.className = "respond field";
  form.noValidate = true;
  form.innerHTML = `<label for="${id}">${escape(composing.label)}</label>
<textarea class="input" id="${id}" rows="2" aria-describedby="${id}-hint ${id}-error" placeholder="${escape(composing.placeholder ?? "")}"></textarea>
<div data-other hidden></div>
<p class="hint" id="${id}-hint">${escape(words.hint)}</p>
<p class="error" id="${id}-error" role="alert" hidden></p>
<div class="row"><button class="btn btn-main" type="submit">${escape(composing.signInFirst ? words.signIn : composing.button)}</button>${composing.cancel ? `<button class="btn btn-bare" type="button" data-cancel>${words.cancel}</button>` : ""}<span class="state" data-left></span></div>`;

  const box = form.querySelector("textarea") as HTMLTextAreaElement;
  const error = form.querySelector(".error") as HTMLElement;
  const left = form.querySelector("[data-left]") as HTMLElement;
  const button = form.querySelector("button") as HTMLButtonElement;
  let attempt = crypto.randomUUID();
  let saving: ReturnType<typeof setTimeout> | undefined;
  let busy = false;

  const complain = (text: string) => {
    error.textContent = text;
    error.hidden = text === "";
    form.classList.toggle("field-error", text !== "");
    box.setAttribute("aria-invalid", String(text !== ""));
  };
  const keep = () => {
    clearTimeout(saving);
    const isKept = keepDraft(composing.key, box.value === composing.text ? "" : box.value);
    const rest = longest - box.value.length;
    left.textContent = rest < 0 ? words.tooLong(-rest) : rest < tell ? words.left(rest) : isKept && box.value.trim() ? words.kept : "";
    left.classList.toggle("warn", rest < 0);
  };

  box.value = keptDraft(composing.key) || (composing.text ?? "");
  if (box.value) keep();
  box.addEventListener("input", () => {
    attempt = crypto.randomUUID();
    complain("");
    clearTimeout(saving);
    saving = setTimeout(keep, 250);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) form.requestSubmit();
    else if (event.key === "Escape" && composing.cancel) composing.cancel();
  });
  addEventListener("pagehide", keep);
  form.querySelector("[data-cancel]")?.addEventListener("click", () => {
    keepDraft(composing.key, "");
    composing.cancel?.();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });

  async function submit(): Promise<void> {
    if (busy) return;
    keep();
    if (composing.signInFirst) return location.assign(signInFrom(composing.signInFirst));
    const over = box.value.length - longest;
    if (over > 0) return refuse(words.tooLong(over));
    busy = true;
    button.setAttribute("aria-disabled", "true");
    const label = button.textContent;
    button.textContent = words.sending;
    const answer = await composing.send(box.value, attempt);
    busy = false;
    button.removeAttribute("aria-disabled");
    button.textContent = label;
    if (answer.ok) {
      clearTimeout(saving);
      box.value = "";
      keepDraft(composing.key, "");
      left.textContent = "";
      attempt = crypto.randomUUID();
      if (!answer.value) return;
      composing.done(answer.value);
      document.dispatchEvent(new CustomEvent<ActedEvent>("blog:acted", { detail: { kind: "responded", name: "" } }));
    } else if (answer.problem.reason === "STALE_REVISION") showOther(answer.problem);
    else refuse(sayWhy(answer.status, answer.problem));
  }

  function refuse(text: string): void {
    complain(text);
    box.focus();
  }

  function showOther(problem: Partial<Problem> & { current?: ArticleResponse | null }): void {
    const other = form.querySelector("[data-other]") as HTMLElement;
    const quote = document.createElement("blockquote");
    quote.className = "quoted";
    quote.textContent = problem.current?.markdown ?? "";
    other.replaceChildren(quote);
    other.hidden = quote.textContent === "";
    refuse(words.stale);
  }

  return form;
}

/** The page script is told first, so that it asks who came back. */
function signInFrom(path: string): string {
  try {
    localStorage.setItem("session", "asked");
  } catch {
    // Without storage it asks on every page.
  }
  return signInAddress(path);
}

function sayWhy(status: number, problem: Partial<Problem>): string {
  const field = problem.errors?.markdown?.join(" ");
  if (field) return field;
  if (status === 401) return words.signedOut;
  return (status >= 400 && status < 500 && problem.detail) || words.unreachable;
}
