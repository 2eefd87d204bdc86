// What every story says before anybody reads its responses: short, as each page carries it.

import { shortCount } from "@/lib/counts";

// As short as what is seen: whoever speaks to the page says what they see (WCAG 2.5.3).
const claps = (count: number) => (count === 1 ? "1 clap" : `${shortCount(count)} claps`);

export const clapping = {
  clap: {
    clap: (total: number) => `Clap. ${claps(total)}`,
    mine: (total: number, mine: number) => `Clap again. ${claps(total)}, ${mine} of them yours`,
    most: (total: number) => `${claps(total)}, 50 of them yours: that is as loud as it gets`,
    own: (total: number) => `${claps(total)}. Your own words: the applause is for others to give`,
    undo: "Undo",
    undoLabel: "Undo: take your claps back",
    done: (mine: number) => (mine === 0 ? "You took your claps back." : `You clapped ${mine === 1 ? "once" : `${mine} times`}.`),
    signIn: "Sign in to clap. It takes a moment, and you come back to this place.",
    failed: "Your claps did not arrive. Check the connection and clap again.",
  },
  signIn: "Sign in",
  readResponses: (count: number) => (count === 0 ? "Respond to this story" : count === 1 ? "Read 1 response" : `Read ${shortCount(count)} responses`),
} as const;
