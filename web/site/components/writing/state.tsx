import { Icon, type IconName } from "@/components/icons";
import { clockTime } from "@/lib/dates";
import type { DraftView } from "@/lib/writing/draft";
import { writing } from "@/messages/writing";

const words = writing.state;

const icons: Record<DraftView["state"]["kind"], { icon: IconName; warn?: boolean }> = {
  fresh: { icon: "check" },
  saved: { icon: "check" },
  unsaved: { icon: "write" },
  saving: { icon: "write" },
  offline: { icon: "offline", warn: true },
  signedOut: { icon: "warning", warn: true },
  conflict: { icon: "warning", warn: true },
  refused: { icon: "warning", warn: true },
  missing: { icon: "warning", warn: true },
};

/** Where the text is safe, always in words. */
export function StateLine({ view: { state, kept } }: { view: DraftView }) {
  const { icon, warn } = icons[state.kind];
  const text = state.kind === "saved" ? (state.asVersion ? words.savedAsVersion : words.saved)(clockTime(state.at)) : state.kind === "offline" && !kept ? words.notKept : words[state.kind];
  return (
    <p className={warn ? "state warn" : "state"} role="status" data-state={state.kind}>
      <Icon name={icon} small />
      <span>{text}</span>
    </p>
  );
}
