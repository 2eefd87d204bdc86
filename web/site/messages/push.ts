// What is said about notifications of the browser.

export const push = {
  title: "This browser",
  states: {
    unsupported: "This browser cannot show notifications of the site, or not in this window.",
    blocked: "You told the browser not to show notifications of this site. Its own settings, at the address, can change that.",
    off: "What you chose to be pushed reaches you here even while the site is closed.",
    on: "Notifications reach you here even while the site is closed.",
    failed: "That did not work. The browser’s push service may be out of reach; try again later.",
  },
  turnOn: "Turn on notifications",
  turnOff: "Turn off",
  later: "Not now",
  offer: {
    followed: (name: string) => `Be told when ${name} publishes?`,
    responded: () => "Be told when somebody answers you?",
  },
  why: "This browser can tell you even while the site is closed. You choose what, in the settings.",
  done: "Notifications are on.",
} as const;
