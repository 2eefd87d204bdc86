// One message at a time at the foot of the page; the newest wins.

type Action = { label: string } & ({ act(): void } | { href: string });

let place: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a message; one that asks for something stays until it is answered. */
export function toast(text: string, action?: Action): void {
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
  if (action) {
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
  } else timer = setTimeout(() => box.remove(), 6_000);
  place.replaceChildren(box);
}
