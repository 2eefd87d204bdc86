// Whether a page's scripts are at work.
import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False on the server and until the page is awake: what is typed into a field before that would be lost when it wakes, so a form is shown after it. */
export const useHydrated = () => useSyncExternalStore(never, () => true, () => false);
