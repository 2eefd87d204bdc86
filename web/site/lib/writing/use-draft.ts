// What of an open draft a screen follows.
import { useState, useSyncExternalStore } from "react";
import type { Content } from "./content";
import type { Draft, DraftView } from "./draft";

/**
 * The view of a draft. While the rich editor alone shows the story, a changed text changes nothing here (`calm`): its screen has it already, and every commit of React's looks through the whole
 * editable story for the selection, which a key would wait for. Whoever needs the newest text then asks the draft.
 */
export function useDraft(draft: Draft, calm: boolean): DraftView {
  const [calmly] = useState(() => calmView(draft));
  const view = calm ? calmly : draft.view;
  return useSyncExternalStore(draft.subscribe, view, view);
}

/** The view as it was when something other than the story's text last changed. */
export function calmView(draft: Pick<Draft, "view">): () => DraftView {
  let kept = draft.view();
  return () => {
    const now = draft.view();
    if (!sameButText(kept, now)) kept = now;
    return kept;
  };
}

const sameButText = (one: DraftView, other: DraftView) =>
  one.state === other.state &&
  one.article === other.article &&
  one.replaced === other.replaced &&
  one.kept === other.kept &&
  (Object.keys(other.content) as (keyof Content)[]).every((name) => name === "markdown" || one.content[name] === other.content[name]);
