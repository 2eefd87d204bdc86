// What this reader, not signed in, takes their comments back with. Only this browser knows it; where it may not keep anything, comments stay.
const key = "blog-reviewer-comments";
const most = 200;

type Kept = [id: string, secret: string][];

function all(): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one): one is [string, string] => Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === "string")) : [];
  } catch {
    return [];
  }
}

function save(kept: Kept): void {
  try {
    localStorage.setItem(key, JSON.stringify(kept.slice(-most)));
  } catch {
    // Not kept: it cannot be taken back from here.
  }
}

export const secrets = {
  of: (id: string): string | undefined => all().find(([one]) => one === id)?.[1],
  keep: (id: string, secret: string): void => save([...all(), [id, secret]]),
  forget: (id: string): void => save(all().filter(([one]) => one !== id)),
};
