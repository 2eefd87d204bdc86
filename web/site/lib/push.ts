// This browser's push subscription: whether it can have one, has one, and how to get and end it (Push API, W3C).
import type { PushKey, PushTarget } from "@blog/api";
import { ask } from "@/islands/ask";

export type PushState =
  /** This browser cannot, or not in this window. */
  | "unsupported"
  /** The person said no to the browser; only the browser's own settings change that. */
  | "blocked"
  | "off"
  | "on";

const canPush = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window && window.isSecureContext;

const registration = () => navigator.serviceWorker.getRegistration();

export async function pushState(): Promise<PushState> {
  if (!canPush()) return "unsupported";
  if (Notification.permission === "denied") return "blocked";
  const subscription = await (await registration())?.pushManager.getSubscription();
  return subscription && Notification.permission === "granted" ? "on" : "off";
}

/** Asks for the permission, so only call it when somebody pressed a button that says why. */
export async function turnPushOn(): Promise<PushState | "failed"> {
  if (!canPush()) return "unsupported";
  const permission = await Notification.requestPermission();
  if (permission !== "granted") return permission === "denied" ? "blocked" : "off";
  const key = await ask<PushKey>("/api/v1/push-key");
  if (!key.ok) return "failed";
  try {
    const { pushManager } = await navigator.serviceWorker.ready;
    const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key.value.publicKey });
    return (await tellServer(subscription)) ? "on" : "failed";
  } catch {
    // The browser's push service is out of reach.
    return "failed";
  }
}

export async function turnPushOff(): Promise<PushState | "failed"> {
  const subscription = await (await registration())?.pushManager.getSubscription();
  if (!subscription) return "off";
  const answer = await ask("/api/v1/me/push-targets/forget", { method: "POST", body: { address: subscription.endpoint } });
  if (!answer.ok) return "failed";
  await subscription.unsubscribe();
  return "off";
}

async function tellServer(subscription: PushSubscription): Promise<boolean> {
  const { endpoint, keys } = subscription.toJSON();
  const answer = await ask<PushTarget>("/api/v1/me/push-targets/web", { method: "PUT", body: { endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth }, label: thisBrowser() } });
  return answer.ok;
}

/** "Firefox on Linux", as its owner would say. */
export function thisBrowser(agent: string = navigator.userAgent): string {
  const browser = /\bEdg\//.test(agent) ? "Edge" : /\bOPR\//.test(agent) ? "Opera" : /\bFirefox\//.test(agent) ? "Firefox" : /\bChrom(e|ium)\//.test(agent) ? "Chrome" : /\bSafari\//.test(agent) ? "Safari" : "Browser";
  const system = /\bAndroid\b/.test(agent) ? "Android" : /\b(iPhone|iPad)\b/.test(agent) ? "iOS" : /\bWindows\b/.test(agent) ? "Windows" : /\bMac OS X\b/.test(agent) ? "macOS" : /\bLinux\b/.test(agent) ? "Linux" : "";
  return system ? `${browser} on ${system}` : browser;
}
