// The form in which a reviewer writes: what they typed stays until it was sent, and who has no account is asked for a name once.
import type { DraftComment, PassageSelector } from "@blog/api";
import { reviews } from "@/messages/reviews";
import { ask } from "./ask";
import { button, element } from "./highlights/elements";
import { whoReads } from "./reader";

const words = reviews.draft;
const nameKey = "blog-reviewer";

export interface Sent {
  text: string;
  name?: string;
  passage?: PassageSelector;
  parentId?: string;
}

interface Composer {
  label: string;
  /** Where it goes. */
  send: (sent: Sent) => { path: string; body: Sent };
  onSent: (said: DraftComment) => void;
  onCancel: () => void;
}

let number = 0;

export function composer({ label, send, onSent, onCancel }: Composer): HTMLFormElement {
  const id = `draft-${++number}`;
  const text = element("textarea", { class: "input", id: `${id}-text`, rows: "3", required: true, maxlength: "5000", "aria-describedby": `${id}-wrong` });
  const name = element("input", { class: "input", id: `${id}-name`, maxlength: "80", autocomplete: "name", "aria-describedby": `${id}-hint ${id}-wrong` });
  const guest = element("div", { class: "field", hidden: true }, element("label", { for: name.id }, words.name), name, element("p", { class: "hint", id: `${id}-hint` }, words.nameHint));
  const wrong = element("p", { class: "error", id: `${id}-wrong`, role: "alert" });
  const submit = element("button", { class: "btn btn-main", type: "submit" }, words.send);
  const form = element(
    "form",
    { class: "draft-composer" },
    element("div", { class: "field" }, element("label", { for: text.id }, label), text),
    guest,
    wrong,
    element("div", { class: "row" }, submit, button(words.cancel, () => { form.remove(); onCancel(); }, undefined, "btn btn-bare")),
  );
  name.value = remembered();
  void whoReads().then(({ user }) => {
    guest.hidden = user !== null;
    name.required = user === null;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    submit.textContent = words.sending;
    wrong.textContent = "";
    const { path, body } = send({ text: text.value, name: guest.hidden ? "" : name.value });
    const answer = await ask<DraftComment>(path, { method: "POST", body });
    submit.disabled = false;
    submit.textContent = words.send;
    if (!answer.ok) {
      const field = answer.problem.errors?.guestName ? name : text;
      wrong.textContent = (answer.status > 0 && answer.status < 500 && answer.problem.detail) || words.failed;
      field.focus();
      return;
    }
    if (!guest.hidden) remember(name.value);
    form.remove();
    onSent(answer.value);
  });
  requestAnimationFrame(() => text.focus({ preventScroll: true }));
  return form;
}

function remembered(): string {
  try {
    return localStorage.getItem(nameKey) ?? "";
  } catch {
    return "";
  }
}

function remember(name: string): void {
  try {
    localStorage.setItem(nameKey, name);
  } catch {
    // Asked again next time.
  }
}
