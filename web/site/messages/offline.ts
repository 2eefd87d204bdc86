// What is said about times without a network, and about the site as an app.

export const offline = {
  title: "You are offline",
  titleOnline: "Kept on this device",
  text: "This page needs a connection. What you saved is here, with its pictures, and waits for you.",
  textOnline: "Stories you save are kept here with their pictures, to read without a connection.",
  kept: "Kept stories",
  none: "Nothing is kept yet",
  noneText: "Save a story, and it can be read here without a connection.",
  by: (author: string) => `by ${author}`,
  size: (bytes: number) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`),
  remove: "Remove",
  removeOf: (title: string) => `Remove “${title}” from this device`,
  waiting: "Waiting to be sent",
  waits: (count: number) => (count === 1 ? "1 action waits for a connection" : `${count} actions wait for a connection`),
  sent: "Everything was sent",
  pill: "Offline",
  refusedTitle: "Could not be done",
  refused: (reason: string) => `Something you did offline could not be done: ${reason}`,
  dismiss: "Dismiss",
  show: "Show",
  update: "A new version of the site is here.",
  reload: "Reload",
  install: "Install the app",
  again: "Try again",
  retryAll: "Send now",
} as const;

/** A waiting command in words; the path says what it is about. */
export function actionName(method: string, path: string): string {
  const kind = /^\/api\/v1\/me\/(\w+)/.exec(path)?.[1] ?? "";
  const off = method === "DELETE";
  const names: Record<string, string> = {
    claps: off ? "Take back claps" : "Clap",
    reader: off ? "Delete a response" : method === "POST" ? "Respond" : "Edit a response",
    lists: "Change a reading list",
    saved: off ? "Remove from saved" : "Save a story",
    following: off ? "Unfollow" : "Follow",
    muted: off ? "Unmute" : "Mute",
    blocked: off ? "Unblock" : "Block",
    history: "Reading history",
    position: "Reading position",
    highlights: off ? "Remove a highlight" : "Highlight",
    notifications: "Notifications",
  };
  return names[kind] ?? path;
}
