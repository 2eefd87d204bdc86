// Fetches the responses' script when it is needed: the reader comes near them, or was led to them.

export function talking(): void {
  const section = document.querySelector<HTMLElement>("[data-talk]");
  if (!section) return;
  const begin = () => {
    near.disconnect();
    // Offline, what the page shows already stays.
    void import("./talk").then(({ talk }) => talk(section)).catch(() => undefined);
  };
  const near = new IntersectionObserver(([entry]) => entry?.isIntersecting && begin(), { rootMargin: "3000px" });
  near.observe(section);
  if (section.dataset.drawn !== undefined || /^#respon/.test(location.hash)) begin();
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-respond]") : null;
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    begin();
    section.scrollIntoView();
    section.focus({ preventScroll: true });
  });
}
