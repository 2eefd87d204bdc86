// Cards as they are asked for: what is drawn is the story's own present title, never words of an address, and each one once.
import type { GetServerSideProps } from "next";
import { api } from "@/lib/api";
import { authorTags } from "@/lib/authors";
import { cacheable, handleOf, one, traceOf, type Context, type Result } from "@/lib/page";
import { cardOf, cardPath, nameOf, type SocialCard } from "./card";
import { draw } from "./draw";

/** Beside the cache in front, which keeps them for everyone. */
const mostKept = 64;
/** Who comes later is asked to try again. */
const mostWaiting = 16;

const kept = new Map<string, Promise<Buffer>>();
let turn: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** Undefined: too many are waiting. */
function drawn(card: SocialCard): Promise<Buffer> | undefined {
  const name = nameOf(card);
  const known = kept.get(name);
  if (known) return known;
  if (waiting >= mostWaiting) return undefined;
  waiting++;
  const made = turn.then(() => draw(card)).finally(() => waiting--);
  turn = made.catch(() => undefined);
  kept.set(name, made);
  made.catch(() => kept.delete(name));
  const oldest = kept.keys().next().value;
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return made;
}

function refused({ res }: Context, status: number, headers: Record<string, string> = {}): Result {
  res.statusCode = status;
  res.setHeader("Cache-Control", "no-store");
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.end();
  return { props: {} };
}

/** /cards/@person/slug/name.png */
export const card: GetServerSideProps = async (context) => {
  const [handle, slug, name] = [handleOf(context.params?.person), one(context.params?.slug), one(context.params?.name)];
  const article = handle && slug ? await api.article(handle, slug, traceOf(context)) : undefined;
  if (article?.kind === "failed") return refused(context, 503, { "Retry-After": "5" });
  if (article?.kind !== "found") return refused(context, 404);
  const told = cardOf(article.body);
  // Under a former address it says what is true now.
  if (name !== `${nameOf(told)}.png`) return refused(context, 302, { Location: cardPath(article.body) });
  const picture = await drawn(told);
  if (!picture) return refused(context, 503, { "Retry-After": "2" });
  cacheable(context, [`article:${article.body.id}`, ...authorTags(article.body)]);
  context.res.setHeader("Cache-Control", "public, max-age=31536000, immutable");
  context.res.setHeader("Content-Type", "image/png");
  context.res.end(picture);
  return { props: {} };
};
