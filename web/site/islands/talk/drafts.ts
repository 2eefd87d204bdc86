// Words that were not sent yet stay on this device: over a reload, a crash, and signing in.

const prefix = "response:";

export const draftKey = (article: string, place: string): string => `${prefix}${article}:${place}`;

export function keptDraft(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return ""; // without storage, drafts last as long as the page
  }
}

/** False when this browser keeps nothing. */
export function keepDraft(key: string, text: string): boolean {
  try {
    if (text.trim()) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/** The answers that were begun and not sent, by the id of what they answer. */
export function begunAnswers(article: string): string[] {
  try {
    const start = draftKey(article, "");
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(start) && key !== start)
      .map((key) => key.slice(start.length))
      .filter((place) => !place.startsWith("edit-"));
  } catch {
    return [];
  }
}
