// Muting and blocking, on the page of a person. Loaded when somebody wants to, or did so before.
import type { Standing } from "@blog/api";
import { people as words } from "@/messages/people";
import { ask } from "./ask";
import { learn } from "./follow";
import { toast } from "./toast";

type Decision = "muted" | "blocked";

const standings = new Map<string, Standing>();

/** A click on something that mutes, blocks, or takes it back. */
export async function decide(target: Element): Promise<void> {
  const about = target.closest<HTMLElement>("[data-about], [data-decided]");
  const id = about?.dataset.about ?? about?.dataset.decided;
  if (!about || !id) return;
  const name = about.dataset.name ?? "";
  const standing = standings.get(id);
  if (about instanceof HTMLDetailsElement) about.open = false;
  const chosen = target.closest<HTMLElement>("[data-decide]")?.dataset.decide as Decision | undefined;
  const decision = chosen ?? (standing?.blocked ? "blocked" : "muted");
  const so = !standing?.[decision];
  if (decision === "blocked" && so && !(await confirmed(name))) return;

  const answer = await ask<Standing | undefined>(`/api/v1/me/${decision}/${id}`, { method: so ? "PUT" : "DELETE" });
  if (!answer.ok) return toast((answer.status >= 400 && answer.status < 500 && answer.problem.detail) || words.failed);
  const now = answer.value?.id ? answer.value : { ...(standing ?? { id, following: false, muted: false, blocked: false, followerCount: 0 }), [decision]: so };
  showDecided(now);
  learn("people", now);
  if (decision === "muted") toast((so ? words.muted : words.unmuted)(name));
  else if (!so) toast(words.unblocked(name));
}

/** Says on the page what was decided, in place of the button to follow when that is a block. */
export function showDecided(standing: Standing): void {
  const { id, muted, blocked } = standing;
  standings.set(id, standing);
  for (const notice of document.querySelectorAll<HTMLElement>(`[data-decided="${CSS.escape(id)}"]`)) {
    const name = notice.dataset.name ?? "";
    notice.hidden = !muted && !blocked;
    const text = notice.querySelector("[data-decided-text]");
    if (text) text.textContent = blocked ? words.youBlocked(name) : words.youMuted(name);
    const undo = notice.querySelector("[data-undecide]");
    if (undo) undo.textContent = (blocked ? words.unblock : words.unmute)(name);
  }
  for (const follow of document.querySelectorAll<HTMLElement>(`[data-follow="people"][data-id="${CSS.escape(id)}"]`)) follow.hidden = blocked;
  for (const menu of document.querySelectorAll<HTMLElement>(`[data-about="${CSS.escape(id)}"]`)) {
    const name = menu.dataset.name ?? "";
    const say = (decision: Decision, text: string) => menu.querySelector(`[data-decide="${decision}"] span`)?.replaceChildren(text);
    say("muted", (muted ? words.unmute : words.mute)(name));
    say("blocked", (blocked ? words.unblock : words.block)(name));
  }
}

/** What blocking does, before it is done; Escape answers no. */
function confirmed(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    const title = document.createElement("h2");
    title.className = "dialog-title";
    title.id = "block-title";
    title.textContent = words.ask.title(name);
    dialog.setAttribute("aria-labelledby", title.id);
    const text = document.createElement("p");
    text.textContent = words.ask.text;
    const row = document.createElement("div");
    row.className = "row";
    const answer = (label: string, className: string, value: string) => {
      const choice = document.createElement("button");
      choice.type = "button";
      choice.className = `btn ${className}`;
      choice.textContent = label;
      choice.addEventListener("click", () => dialog.close(value));
      row.append(choice);
      return choice;
    };
    const no = answer(words.ask.no, "btn-bare", "");
    answer(words.ask.yes, "btn-danger", "yes");
    dialog.append(title, text, row);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
