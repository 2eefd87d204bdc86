// What feeds, embedded stories and their announcements say.

export const openWeb = {
  feed: {
    formats: { xml: "RSS", atom: "Atom", json: "JSON Feed" },
    search: (query: string) => `“${query}” · Blog`,
    away: "The feed cannot be made right now. Nothing is lost; ask again in a moment.\n",
  },
  embed: {
    minutes: (count: number) => `${count} min to read`,
    goneTitle: "This story is not there any more",
    missingTitle: "There is no such story",
    away: "The story cannot be shown right now",
  },
} as const;
