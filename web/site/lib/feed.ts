import type { ArticleList } from "@blog/api";
import type { Answer } from "./api";
import type { Context, Result } from "./page";
import { rss, type Channel } from "./rss";

/** Answers with the feed itself; Next draws no page once the response has ended. */
export function sendFeed(
  { res }: Context,
  list: Answer<ArticleList>,
  channel: Channel,
): Result {
  if (list.kind === "found") {
    res.setHeader("Content-Type", "application/rss+xml; charset=utf-8");
    res.end(rss(channel, list.body.items));
  } else {
    res.statusCode = 503;
    res.setHeader("Cache-Control", "no-store");
    res.setHeader("Retry-After", "5");
    res.setHeader("Content-Type", "text/plain; charset=utf-8");
    res.end("The feed cannot be made right now. Nothing is lost; ask again in a moment.\n");
  }
  return { props: {} };
}
