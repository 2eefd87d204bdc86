// One message at a time at the foot of the page; the newest wins.

type Action = { label: string } & ({ act(): void } | { href: string });

let place: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a message; one that asks for something stays until it is answered, one that makes offers goes by itself. */
export function toast(text: string, asks?: Action | readonly Action[]): void {
  if (!place) {
    place = document.createElement("div");
    place.className = "toast-place";
    // Announced although it is filled later.
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  clearTimeout(timer);
  const box = document.createElement("div");
  box.className = "toast";
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  const actions = asks === undefined ? [] : Array.isArray(asks) ? (asks as readonly Action[]) : [asks as Action];
  for (const action of actions) {
    const control = document.createElement("href" in action ? "a" : "button");
    control.className = "btn btn-bare";
    control.textContent = action.label;
    if ("href" in action) control.setAttribute("href", action.href);
    else
      control.addEventListener("click", () => {
        box.remove();
        action.act();
      });
    box.append(control);
  }
  if (asks === undefined || Array.isArray(asks)) timer = setTimeout(() => box.remove(), actions.length > 0 ? 10_000 : 6_000);
  place.replaceChildren(box);
}
