import type { GetServerSideProps } from "next";
import type { ArticlePage, RecommendedArticle } from "@blog/api";
import { ArticleBody } from "@/components/article";
import { Document } from "@/components/document";
import { api } from "@/lib/api";
import { authorsOf, authorTags } from "@/lib/authors";
import { excerpt } from "@/lib/excerpt";
import { pictureOf } from "@/lib/social-card/card";
import { alternatesOf, translationTags } from "@/lib/translations";
import { cacheable, handleOf, one, otherwise, refuse, show, traceOf } from "@/lib/page";
import { reading } from "@/messages/reading";

export { default } from "@/lib/drawn";

interface Props {
  path: string;
  article: ArticlePage;
  next: RecommendedArticle[];
  now: number;
}

export const getServerSideProps: GetServerSideProps = async (context) => {
  const handle = handleOf(context.params?.person);
  const slug = one(context.params?.slug);
  if (!handle || !slug) return refuse(context, "missing");
  const article = await api.article(handle, slug, traceOf(context));
  if (article.kind !== "found") {
    cacheable(context, [`handle:${handle.toLowerCase()}`]);
    return otherwise(context, article);
  }
  const { id, topics, series, translations } = article.body;
  const related = await api.related(id, traceOf(context));
  // An extra: without it the story is still the story.
  const next = related.kind === "found" ? related.body.items : [];
  cacheable(context, [`article:${id}`, ...authorTags(article.body), ...topics.map((topic) => `topic:${topic.slug}`), ...(series ? [`series:${series.id}`] : []), ...translationTags(translations), ...next.map((each) => `article:${each.article.id}`)]);
  return show(context, <Article path={context.resolvedUrl} article={article.body} next={next} now={Date.now()} />);
};

function Article({ path, article, next, now }: Props) {
  const { author } = article;
  const home = `/@${author.handle}`;
  return (
    <Document
      path={path}
      feed={`${home}/feed.xml`}
      bare
      meta={{
        title: article.title,
        description: article.description || excerpt(article.html),
        canonical: article.canonicalUrl ?? article.url,
        feed: { href: `${home}/feed.xml`, title: reading.profile.feedOf(author.name) },
        image: pictureOf(article),
        language: article.language,
        translations: alternatesOf(article),
        trail: [
          { name: author.name, path: home },
          { name: article.title, path: article.url },
        ],
        article: {
          url: article.url,
          words: article.wordCount,
          series: article.series ? { name: article.series.title, url: article.series.url, number: article.series.number } : undefined,
          publishedAt: article.publishedAt,
          editedAt: article.editedAt,
          authors: authorsOf(article).map(({ name, handle, avatarUrl }) => ({ name, url: `/@${handle}`, image: avatarUrl })),
          topics: article.topics.map(({ name }) => name),
        },
      }}
    >
      <ArticleBody article={article} next={next} now={now} />
    </Document>
  );
}
