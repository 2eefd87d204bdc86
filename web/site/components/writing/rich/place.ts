/** Where something floats beside a place in the text: inside its positioned parent, never beyond the window's sides. */
export interface Place {
  left: number;
  top: number;
}

/** @param above Puts it over the place where there is room. */
export function beside(host: HTMLElement, at: { left: number; right: number; top: number; bottom: number }, size: { width: number; height: number }, above: boolean): Place {
  const frame = host.getBoundingClientRect();
  const middle = above ? (at.left + at.right) / 2 - size.width / 2 : at.left;
  const left = Math.min(Math.max(middle, 8), document.documentElement.clientWidth - size.width - 8);
  const over = at.top - size.height - 8;
  const under = at.bottom + 8;
  const top = above ? (over > 72 ? over : under) : under + size.height > innerHeight - 56 && over > 72 ? over : under;
  return { left: left - frame.left, top: top - frame.top };
}
