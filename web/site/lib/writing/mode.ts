// How a person writes: in rich text unless they chose Markdown. The choice is remembered on this device.
import { useCallback, useSyncExternalStore } from "react";

export type Mode = "rich" | "markdown";

/** Beyond so many characters a story opens as Markdown: each key would have to wait for the whole of it. */
export const longestRich = 400_000;

const key = "writing-mode";
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function remembered(): Mode {
  try {
    return localStorage.getItem(key) === "markdown" ? "markdown" : "rich";
  } catch {
    return "rich";
  }
}

export function useMode(fits: boolean): { mode: Mode; setMode: (mode: Mode) => void } {
  const chosen = useSyncExternalStore<Mode>(subscribe, remembered, () => "rich");
  const setMode = useCallback((mode: Mode) => {
    try {
      localStorage.setItem(key, mode);
    } catch {
      // Without storage the choice lasts as long as the window.
    }
    listeners.forEach((listener) => listener());
  }, []);
  return { mode: fits ? chosen : "markdown", setMode };
}
