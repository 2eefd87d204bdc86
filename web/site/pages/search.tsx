import type { GetServerSideProps } from "next";
import { isTooLong, SearchPage, type SearchOutcome } from "@/components/search-page";
import { api, type Answer } from "@/lib/api";
import { authorTags } from "@/lib/authors";
import { cacheable, show, traceOf } from "@/lib/page";
import { asked, isFiltered, searchOf, type Search } from "@/lib/search";

export { default } from "@/lib/drawn";

export const getServerSideProps: GetServerSideProps = async (context) => {
  const search = searchOf(context.query);
  const now = Date.now();
  const { outcome, tags } = await find(search, now, traceOf(context));
  if (outcome.kind === "away") {
    context.res.statusCode = 503;
    context.res.setHeader("Cache-Control", "no-store");
    context.res.setHeader("Retry-After", "2");
  } else {
    if (outcome.kind === "tooLong" || outcome.kind === "unreadable" || outcome.kind === "outOfPages") context.res.statusCode = 400;
    cacheable(context, tags);
  }
  return show(context, <SearchPage search={search} outcome={outcome} now={now} />);
};

interface Result {
  outcome: SearchOutcome;
  tags: string[];
}

async function find(search: Search, now: number, trace: string | undefined): Promise<Result> {
  if (isTooLong(search)) return { outcome: { kind: "tooLong" }, tags: [] };
  const { query, kind } = search;
  const { q, pageToken } = asked(search, now);
  if (!query && (kind !== "stories" || !isFiltered(search))) {
    const topics = await api.topics(trace);
    return { outcome: { kind: "begin", topics: topics.kind === "found" ? topics.body.items.slice(0, 18) : [] }, tags: ["list"] };
  }
  switch (kind) {
    case "stories":
      return settle(await api.search(asked(search, now), trace), search, (list) => ({
        outcome: { kind, list },
        tags: ["list", ...list.items.flatMap(({ article }) => [`article:${article.id}`, ...authorTags(article)])],
      }));
    case "people":
      return settle(await api.searchPeople({ q, pageToken }, trace), search, (list) => ({ outcome: { kind, list }, tags: list.items.map(({ person }) => `author:${person.id}`) }));
    case "publications":
      return settle(await api.searchPublications({ q, pageToken }, trace), search, (list) => ({ outcome: { kind, list }, tags: list.items.map(({ publication }) => `publication:${publication.id}`) }));
    case "topics":
      return settle(await api.searchTopics({ q, pageToken }, trace), search, (list) => ({ outcome: { kind, list }, tags: ["list"] }));
  }
}

function settle<T>(answer: Answer<T>, { page }: Search, found: (list: T) => Result): Result {
  if (answer.kind === "found") return found(answer.body);
  // Refused: of a first page that can only be its words.
  if (answer.kind === "missing") return { outcome: { kind: page ? "outOfPages" : "unreadable" }, tags: [] };
  return { outcome: { kind: "away" }, tags: [] };
}
