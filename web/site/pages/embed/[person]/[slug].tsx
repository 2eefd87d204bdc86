import type { GetServerSideProps } from "next";
import { EmbeddedStory, EmbeddedProblem } from "@/components/embed";
import { api } from "@/lib/api";
import { cacheable, handleOf, one, otherwise, show, traceOf, type Context, type Result } from "@/lib/page";
import { openWeb } from "@/messages/open-web";

export { default } from "@/lib/drawn";

/** A story's card, which may stand in a frame of any page (the BFF allows it below /embed/ alone). */
export const getServerSideProps: GetServerSideProps = async (context) => {
  const { embed } = openWeb;
  const [handle, slug] = [handleOf(context.params?.person), one(context.params?.slug)];
  if (!handle || !slug) return sorry(context, 404, embed.missingTitle);
  const article = await api.article(handle, slug, traceOf(context));
  if (article.kind === "found") {
    const { id, author } = article.body;
    cacheable(context, [`article:${id}`, `author:${author.id}`]);
    return show(context, <EmbeddedStory article={article.body} />);
  }
  cacheable(context, [`handle:${handle.toLowerCase()}`]);
  if (article.kind === "moved") {
    const there = otherwise(context, article);
    return "redirect" in there && "statusCode" in there.redirect ? { redirect: { ...there.redirect, destination: `/embed${there.redirect.destination}` } } : there;
  }
  if (article.kind === "failed") {
    context.res.setHeader("Cache-Control", "no-store");
    return sorry(context, 503, embed.away);
  }
  return article.kind === "gone" ? sorry(context, 410, embed.goneTitle) : sorry(context, 404, embed.missingTitle);
};

function sorry(context: Context, status: number, title: string): Result {
  context.res.statusCode = status;
  return show(context, <EmbeddedProblem title={title} />);
}
