/** What was shown of a list, for coming back from a story to the same place. */
export interface KeptFeed<Page> {
  path: string;
  /** The token of the first page; undefined: the newest. */
  first: string | undefined;
  pages: Page[];
  scroll: number;
  at: number;
}

const key = "feed";
const keptFor = 30 * 60_000;

export function keep<Page>(kept: KeptFeed<Page>): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // Without storage, coming back loads the page that the address names.
  }
}

/** What was kept of this address, when the reader came here by the back button. */
export function cameBack<Page>(path: string): KeptFeed<Page> | undefined {
  const navigation = performance.getEntriesByType("navigation")[0];
  if (!(navigation instanceof PerformanceNavigationTiming) || navigation.type !== "back_forward") return undefined;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null") as KeptFeed<Page> | null;
    return kept?.path === path && Date.now() - kept.at < keptFor ? kept : undefined;
  } catch {
    return undefined;
  }
}
