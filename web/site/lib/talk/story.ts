// The story that a page of responses belongs to.
import type { GetServerSidePropsContext } from "next";
import type { ArticlePage } from "@blog/api";
import { api } from "@/lib/api";
import { cacheable, handleOf, one, otherwise, refuse, traceOf, type Result } from "@/lib/page";

export type Story = { kind: "found"; article: ArticlePage } | { kind: "answered"; result: Result };

/** Found, or answered already: moved (with what follows the story's address), missing, gone. */
export async function storyOf(context: GetServerSidePropsContext, tail: string): Promise<Story> {
  const handle = handleOf(context.params?.person);
  const slug = one(context.params?.slug);
  if (!handle || !slug) return { kind: "answered", result: refuse(context, "missing") };
  const article = await api.article(handle, slug, traceOf(context));
  if (article.kind !== "found") {
    cacheable(context, [`handle:${handle.toLowerCase()}`]);
    return { kind: "answered", result: otherwise(context, article, tail) };
  }
  const { id, author } = article.body;
  cacheable(context, [`responses:${id}`, `article:${id}`, `author:${author.id}`]);
  return { kind: "found", article: article.body };
}
