// Small things to build with, for what comes into a page after it.

// As in components/icons.tsx, which an island cannot take from: it would bring React along.
const paths = {
  mark: "m4 16.5 1-4 8-8 3 3-8 8zM4 16.5h12",
  note: "M4.5 3.5h11v9l-4 4h-7zM11.5 16.5v-4h4",
  share: "M10 12.5v-9m0 0L6.8 6.7M10 3.5l3.2 3.2M4 11v5.5h12V11",
  gift: "M3.5 7h13v3h-13zM4.5 10v6.5h11V10M10 7v9.5M10 7C8 7 6 6.5 6 4.8S8.5 3 10 7c1.5-4 4-3.9 4-2.2S12 7 10 7",
  mail: "M3 4.5h14v11H3zM3 5l7 6 7-6",
  link: "m8.3 11.7 3.4-3.4M9 6.3l2-2a3 3 0 0 1 4.3 4.3l-2 2M11 13.7l-2 2a3 3 0 0 1-4.3-4.3l2-2",
  bin: "M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.4 9v4.5M11.6 9v4.5",
  close: "m5 5 10 10M15 5 5 15",
};
export type IconName = keyof typeof paths;

/** An element with attributes, properties that are functions as listeners, and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string | boolean | ((event: Event) => void)>,
  ...children: (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (typeof value === "string") made.setAttribute(key, value);
    else made.toggleAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon icon-s");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

export const button = (label: string, act: () => void, name?: IconName, className = "btn"): HTMLButtonElement =>
  element("button", { type: "button", class: className, click: act }, name ? icon(name) : undefined, element("span", {}, label));

/** Where things that float belong: inside the page's main part, for those who go from landmark to landmark. */
export const page = (): Element => document.querySelector("main") ?? document.body;

/** A finger rather than a mouse, or no room: things dock at the foot of the screen. */
export const isNarrow = () => matchMedia("(max-width: 47.99rem), (pointer: coarse)").matches;
