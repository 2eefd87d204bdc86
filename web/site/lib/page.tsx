// What every public page does with an answer of the API: status, cache headers and tags, redirects, and the page for each failure.
import type { GetServerSidePropsContext, GetServerSidePropsResult } from "next";
import type { ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { WrongPage, type Wrong } from "@/components/wrong";
import { pageOf, type Answer } from "./api";

export type Context = Pick<GetServerSidePropsContext, "req" | "res" | "resolvedUrl">;
export type Result = GetServerSidePropsResult<Record<string, never>>;

export const traceOf = ({ req }: Context): string | undefined => {
  const header = req.headers.traceparent;
  return typeof header === "string" ? header : undefined;
};

/** A header carries ASCII only; topics and handles may be in any script, and reach the BFF percent-encoded. */
const asHeader = (tag: string) => tag.replace(/[^\x21-\x7e]+/g, encodeURIComponent);

/** The same bytes for everyone: shared caches may keep them as long as they ask again. */
export function cacheable({ res }: Context, tags: readonly string[]): void {
  res.setHeader("Cache-Control", "public, max-age=0, must-revalidate");
  if (tags.length > 0) res.setHeader("Cache-Tags", [...new Set(tags)].map(asHeader).join(" "));
}

/** Answers with a whole document; Next draws no page of its own once the response has ended (docs/decisions/0004). */
export function show({ res }: Context, document: ReactElement): Result {
  res.setHeader("Content-Type", "text/html; charset=utf-8");
  res.end(`<!doctype html>${renderToStaticMarkup(document)}`);
  return { props: {} };
}

export function refuse(context: Context, wrong: Wrong): Result {
  const { res } = context;
  res.statusCode = wrong === "gone" || wrong === "draftEnded" ? 410 : wrong === "broken" ? 503 : 404;
  if (wrong === "broken") {
    res.setHeader("Cache-Control", "no-store");
    res.setHeader("Retry-After", "5");
  } else if (!res.hasHeader("Cache-Control")) cacheable(context, []);
  return show(context, <WrongPage wrong={wrong} path={context.resolvedUrl} />);
}

/**
 * Anything but "found", as a page. A moved page answers 301, which every feed reader and crawler knows; 308 is for what may be posted. `tail` keeps what follows the article's or person's address, such as /feed.xml.
 */
export function otherwise(context: Context, answer: Exclude<Answer<unknown>, { kind: "found" }>, tail = ""): Result {
  switch (answer.kind) {
    case "moved":
      cacheable(context, []);
      return { redirect: { destination: pageOf(answer.location) + tail, statusCode: 301 } };
    case "missing":
      return refuse(context, "missing");
    case "gone":
      return refuse(context, "gone");
    case "failed":
      return refuse(context, "broken");
  }
}

/** "ada" of "@ada"; undefined when the segment names no person. */
export function handleOf(segment: string | string[] | undefined): string | undefined {
  const text = typeof segment === "string" ? segment : undefined;
  return text?.startsWith("@") && text.length > 1 ? text.slice(1) : undefined;
}

/** One value of a query parameter, or undefined. */
export const one = (value: string | string[] | undefined): string | undefined => (typeof value === "string" && value ? value : undefined);
