// The search fields of a page: "/" goes to the first one in sight, and suggestions are loaded when somebody is about to type.
const field = "form[data-search] input[name=q]";

export function searching(): void {
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches(field)) void prepare(target);
  });
  // The search page begins in its field.
  const focused = document.activeElement;
  if (focused instanceof HTMLInputElement && focused.matches(field)) void prepare(focused);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (document.querySelector("dialog[open]")) return;
    const input = [...document.querySelectorAll<HTMLInputElement>(field)].find((each) => each.offsetParent !== null);
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

async function prepare(input: HTMLInputElement): Promise<void> {
  if ("suggests" in input.dataset) return;
  input.dataset.suggests = "";
  (await import("./search-box")).suggestIn(input);
}
