// Runs before the first paint: the kept choice of colours, and whether this browser was signed in a moment ago, so that nothing flashes.

const root = document.documentElement;

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage may be off; then the system decides and everybody starts signed out
  }
}

const theme = kept("theme");
if (theme === "light" || theme === "dark") root.dataset.theme = theme;
const session = kept("session");
if (session && session !== "asked") root.dataset.session = "in";
root.dataset.script = "on";
