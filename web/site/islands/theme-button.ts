// System, light, dark, and round again.

const root = document.documentElement;
const order = ["system", "light", "dark"] as const;
const names = { system: "as the system", light: "light", dark: "dark" };

export function themeButtons(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-theme-toggle]") : null;
    if (!button) return;
    const present = order.find((theme) => theme === root.dataset.theme) ?? "system";
    const next = order[(order.indexOf(present) + 1) % order.length] ?? "system";
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", next);
    } catch {
      // The choice then lasts as long as the page.
    }
    button.setAttribute("aria-label", `Colours: ${names[next]}`);
    button.setAttribute("title", `Colours: ${names[next]}`);
  });
}
