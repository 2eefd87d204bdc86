// Small comforts of the reading page. Everything works without them.
import type { ArticleList } from "@blog/api";
import { spokenDate } from "@/lib/dates";
import { reading } from "@/messages/reading";

const words = reading.article;

/** Relative dates stay true while the page is open. */
export function dates(): void {
  const refresh = () => {
    for (const time of document.querySelectorAll("time[title]")) {
      const spoken = spokenDate(time.getAttribute("datetime") ?? "", Date.now());
      if (spoken && spoken !== time.textContent) time.textContent = spoken;
    }
  };
  refresh();
  setInterval(refresh, 60_000);
}

/** One menu open at a time; Escape and a click elsewhere close it. */
export function menus(): void {
  const close = (except?: Element | null) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => close(event.target instanceof Element ? event.target.closest("details[data-menu]") : null));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector<HTMLDetailsElement>("details[data-menu][open]");
    open?.querySelector("summary")?.focus();
    close();
  });
}

/** The line of the table of contents that is being read carries the pencil mark. */
export function contents(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".toc .toc-list a")];
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  if (links.length === 0) return;
  const wide = document.querySelectorAll(".prose > :is(.wide, .full)");
  const list = document.querySelector(".toc > div");
  let waiting = false;
  const mark = () => {
    waiting = false;
    // A wide picture takes the margin, too.
    const own = list?.getBoundingClientRect();
    const covered = own && [...wide].some((picture) => {
      const { top, bottom } = picture.getBoundingClientRect();
      return top < own.bottom + 16 && bottom > own.top - 16;
    });
    list?.parentElement?.toggleAttribute("data-covered", covered ?? false);
    let current = -1;
    headings.forEach((heading, index) => {
      if (heading && heading.getBoundingClientRect().top < 140) current = index;
    });
    links.forEach((link, index) => {
      if (index === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  addEventListener(
    "scroll",
    () => {
      if (!waiting) requestAnimationFrame(mark);
      waiting = true;
    },
    { passive: true },
  );
  if (scrollY > 0 || location.hash || wide.length > 0) requestAnimationFrame(mark);
}

/** A button on each block of code. */
export function copying(): void {
  if (!navigator.clipboard) return;
  for (const block of document.querySelectorAll<HTMLElement>(".prose pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-bare copy";
    button.textContent = words.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.innerText);
      button.textContent = words.copied;
      setTimeout(() => (button.textContent = words.copy), 2000);
    });
    const caption = block.closest("figure.code")?.querySelector("figcaption");
    if (caption) caption.append(button);
    else {
      const frame = document.createElement("div");
      frame.className = "copy-frame";
      block.replaceWith(frame);
      frame.append(block, button);
    }
  }
}

/** What else the author wrote, fetched when the reader comes near the end. */
export function more(): void {
  const section = document.querySelector<HTMLElement>("[data-more]");
  const end = document.querySelector(".author-card");
  if (!section || !end) return;
  const seen = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      seen.disconnect();
      void fillMore(section);
    },
    // Far ahead, so that it is there before the reader is, and moves nothing in sight.
    { rootMargin: "3000px" },
  );
  seen.observe(end);
}

async function fillMore(section: HTMLElement): Promise<void> {
  const handle = section.dataset.more ?? "";
  const response = await fetch(`/api/v1/people/${encodeURIComponent(handle)}/articles?pageSize=5`).catch(() => undefined);
  if (!response?.ok) return;
  const { items } = (await response.json()) as ArticleList;
  const others = items.filter(({ id }) => id !== section.dataset.not).slice(0, 4);
  if (others.length === 0) return;
  section.querySelector("[data-more-list]")?.append(
    ...others.map((article) => {
      const link = document.createElement("a");
      link.href = article.url;
      const title = document.createElement("h3");
      title.textContent = article.title;
      const meta = document.createElement("p");
      meta.className = "meta";
      meta.textContent = `${spokenDate(article.publishedAt, Date.now())} · ${reading.story.minutes(article.readingMinutes)}`;
      link.append(title, meta);
      return link;
    }),
  );
  section.hidden = false;
}
