// Comments on a draft behind a link. This part only notices that the page is one.

export function reviewing(): void {
  const draft = document.querySelector<HTMLElement>("[data-draft]");
  if (draft) void import("./draft-comments").then(({ start }) => start(draft));
}
