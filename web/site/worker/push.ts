// Notifications that arrive while no page is open.
import { addressOf, type PushPayload } from "@/lib/offline/payload";

export function showPush(worker: ServiceWorkerGlobalScope, data: PushMessageData | null): Promise<void> {
  let payload: PushPayload = { title: "Blog" };
  try {
    if (data) payload = { ...payload, ...(data.json() as PushPayload) };
  } catch {
    payload.body = data?.text();
  }
  return worker.registration.showNotification(payload.title, {
    body: payload.body,
    tag: payload.tag,
    icon: payload.icon ?? "/icons/192.png",
    badge: "/icons/badge.png",
    data: { url: payload.url },
  });
}

/** Brings a window that shows the page to the front, or opens one. */
export async function openPush(worker: ServiceWorkerGlobalScope, notification: Notification): Promise<void> {
  const address = addressOf((notification.data as { url?: string } | null)?.url, worker.location.origin);
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = windows.find(({ url }) => url === address);
  if (shown) await shown.focus();
  else await worker.clients.openWindow(address);
}
