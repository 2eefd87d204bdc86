// A search as the address of its page says it. The same search has one address: what is as usual is left out.
import type { ParsedUrlQuery } from "node:querystring";
import type { SearchQuery } from "./api";
import { one } from "./page";

export const kinds = ["stories", "people", "publications", "topics"] as const;
export const sorts = ["relevance", "newest", "oldest"] as const;
export const times = ["any", "week", "month", "year"] as const;

export interface Search {
  query: string;
  kind: (typeof kinds)[number];
  sort: (typeof sorts)[number];
  time: (typeof times)[number];
  /** A topic's slug. */
  topic?: string;
  /** BCP 47. */
  language?: string;
  page?: string;
}

/** More than this nobody types, and the service refuses it. */
export const mostCharacters = 1000;

const among = <T extends string>(known: readonly T[], value: string | undefined): T => known.find((each) => each === value) ?? known[0]!;

export function searchOf(query: ParsedUrlQuery): Search {
  return {
    query: one(query.q)?.trim() ?? "",
    kind: among(kinds, one(query.in)),
    sort: among(sorts, one(query.sort)),
    time: among(times, one(query.time)),
    topic: one(query.topic),
    language: one(query.lang),
    page: one(query.page),
  };
}

export function addressOf({ query, kind, sort, time, topic, language, page }: Search): string {
  const values: [string, string | undefined][] = [
    ["q", query],
    ["in", kind === kinds[0] ? undefined : kind],
    ["sort", sort === sorts[0] ? undefined : sort],
    ["topic", topic],
    ["lang", language],
    ["time", time === times[0] ? undefined : time],
    ["page", page],
  ];
  const given = values.filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length === 0 ? "/search" : `/search?${given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}

/** The same search with another choice, from its first page on. */
export const changed = (search: Search, change: Partial<Search>): string => addressOf({ ...search, page: undefined, ...change });

export const isFiltered = ({ topic, language, time }: Search): boolean => topic !== undefined || language !== undefined || time !== "any";

const day = 86_400_000;
const spans = { week: 7 * day, month: 30 * day, year: 365 * day };

/** As the API wants it. Whole days, so that everybody who asks on a day asks the same. */
export function asked({ query, sort, time, topic, language, page }: Search, now: number): SearchQuery {
  return {
    q: query,
    sort: sort === sorts[0] ? undefined : sort,
    topic,
    lang: language,
    after: time === "any" ? undefined : new Date(now - spans[time]).toISOString().slice(0, 10),
    pageToken: page,
  };
}
