// What recommendations say. Another language is another object of the same type.
import { shortCount } from "@/lib/counts";

export const forYou = {
  title: "For you",
  heading: "Stories picked for you",
  older: "More stories",
  toBegin: "Back to the first ones",
  end: "That was everything for now.",
  signIn: "Stories picked for you",
  signInText: "From what you follow and what you read here, each with the reason why. You can turn down any of it. Signing in takes a moment, and you come back to this place.",
  cold: "Tell us what you like",
  coldText: "Follow a few topics, and these stories will be about them. Until then they are what many people read, and what is new.",
  show: "Show stories again",
  empty: "Nothing to recommend yet",
  emptyText: "Stories come here when there are some that fit what you follow and read.",
  how: "Why these stories?",
  howText: "Each says why it is here. What you follow, read and clap for counts; what you turn down counts at once. Nobody else learns of it.",
  manage: "All that you follow",
  manageTurnedDown: "What you turned down",
  menu: (title: string) => `More about “${title}”`,
  less: "Less like this",
  notAuthor: (name: string) => `Nothing by ${name}`,
  notTopic: (name: string) => `Nothing about ${name}`,
  mute: (name: string) => `Mute ${name}`,
  saidLess: "You will see less like this.",
  saidNotAuthor: (name: string) => `Nothing by ${name} will be recommended to you.`,
  saidNotTopic: (name: string) => `Nothing about ${name} will be recommended to you.`,
  /** Before the name of what a reason speaks of, if it speaks of something. */
  reasons: {
    followedPerson: "You follow",
    followedPublication: "You follow",
    followedTopic: "You follow",
    read: "Because you read",
    readersLikeYou: "Also read by readers of",
    readPerson: "You often read",
    readTopic: "You often read about",
    popularInTopic: "Popular in",
    popular: "Popular now",
    new: "New, for its first readers",
    different: "Something different",
    sameAuthor: "By",
    sameTopic: "In",
    followedByFollowed: "Followed by",
  },
  /** When the thing that a reason speaks of has no name any more. */
  unnamed: "Because of what you follow and read",
  and: (others: number) => (others === 1 ? "and one more you follow" : `and ${shortCount(others)} more you follow`),
  people: "Who to follow",
  trending: "Trending",
  writers: "Writers people read",
} as const;

/** The settings that list it. */
export const turnedDown = {
  tab: "Turned down",
  title: "What you turned down",
  standfirst: "None of this is recommended to you. Nobody else learns of it.",
  signIn: "Sign in to see what you turned down",
  list: "Stories, authors and topics",
  text: "What you take back can be recommended again at once.",
  none: "You have turned down nothing",
  noneText: "The menu of each story picked for you has “Less like this”, and nothing more by its author or about its topic.",
  forYou: "Stories picked for you",
  undo: "Take back",
  again: "Turn down again",
  what: { articles: "Less like this story", people: "Nothing by this author", topics: "Nothing about this topic" },
  /** When it has no name any more. */
  gone: { articles: "A story that is no longer there", people: "Somebody who is no longer there", topics: "A topic that is no longer there" },
} as const;

/** Below a story. */
export const readNext = {
  title: "Read next",
  similar: "On something similar",
  sameReaders: "Also read by its readers",
} as const;
