// Live parts: an element with data-live shows what the server sends, one with data-log collects it.
const events = (address, receive) => {
  const source = new EventSource(address);
  source.onmessage = (event) => receive(JSON.parse(event.data));
  return source;
};

for (const part of document.querySelectorAll("[data-live]")) {
  events(part.dataset.live, (html) => {
    // A press between two drawings must not lose its button.
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
    part.innerHTML = html;
    if (focused) part.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  });
}

for (const log of document.querySelectorAll("[data-log]")) {
  const source = events(log.dataset.log, (html) => {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    log.insertAdjacentHTML("beforeend", html);
    while (log.childElementCount > 2000) log.firstElementChild.remove();
    if (atEnd) log.scrollTop = log.scrollHeight;
  });
  // After a lost connection the server sends its memory again.
  source.onopen = () => log.replaceChildren();
}

// Buttons work without a new page; without this script the form does the same.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  event.submitter.disabled = true;
  fetch(event.target.action, { method: "POST", redirect: "manual" }).finally(() => { event.submitter.disabled = false; });
});

const root = document.documentElement;
const stored = localStorage.getItem("theme");
if (stored) root.dataset.theme = stored;
document.querySelector("[data-theme-button]")?.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});
