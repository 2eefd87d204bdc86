// What every public page does with an answer of the API: status, cache headers and tags, redirects, and the page for each failure.
import type { GetServerSidePropsContext, GetServerSidePropsResult } from "next";
import { pageOf, type Answer } from "./api";

export type Wrong = "missing" | "gone" | "broken" | "noTopic";

/** A page shows its content or says what is wrong; either way it is one component and no client framework. */
export type Shown<P> = { wrong: Wrong; shown?: undefined } | { wrong?: undefined; shown: P };

type Context = Pick<GetServerSidePropsContext, "req" | "res">;

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

export function show<P>(props: P): GetServerSidePropsResult<Shown<P>> {
  return { props: { shown: props } };
}

export function refuse<P>({ res }: Context, wrong: Wrong): GetServerSidePropsResult<Shown<P>> {
  res.statusCode = wrong === "gone" ? 410 : wrong === "broken" ? 503 : 404;
  if (wrong === "broken") {
    res.setHeader("Cache-Control", "no-store");
    res.setHeader("Retry-After", "5");
  } else if (!res.hasHeader("Cache-Control")) cacheable({ res } as Context, []);
  return { props: { wrong } };
}

/** Anything but "found", as a page. `tail` keeps what follows the article's or person's address, such as /feed.xml. */
export function otherwise<P>(
  context: Context,
  answer: Exclude<Answer<unknown>, { kind: "found" }>,
  tail = "",
): GetServerSidePropsResult<Shown<P>> {
  switch (answer.kind) {
    case "moved":
      cacheable(context, []);
      return { redirect: { destination: pageOf(answer.location) + tail, statusCode: 308 } };
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
