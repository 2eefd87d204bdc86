// What a push message carries. It is made by the Notifications service; see its folder Devices.

export interface PushPayload {
  title: string;
  body?: string;
  /** Path to open. */
  url?: string;
  /** A later one with the same tag replaces it. */
  tag?: string;
  icon?: string;
}

/** Only our own pages are opened, whatever a payload says. */
export function addressOf(url: string | undefined, origin: string): string {
  try {
    const address = new URL(url ?? "/", origin);
    return address.origin === origin ? address.href : `${origin}/`;
  } catch {
    return `${origin}/`;
  }
}
