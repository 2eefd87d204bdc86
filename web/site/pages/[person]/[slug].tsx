import type { GetServerSideProps, InferGetServerSidePropsType } from "next";
import { useRouter } from "next/router";
import type { ArticlePage } from "@blog/api";
import { ArticleBody } from "@/components/article";
import { Frame } from "@/components/frame";
import { PageHead } from "@/components/head";
import { WrongPage } from "@/components/wrong";
import { api } from "@/lib/api";
import { cacheable, handleOf, one, otherwise, refuse, show, traceOf, type Shown } from "@/lib/page";
import { reading } from "@/messages/reading";

export const config = { unstable_runtimeJS: false };

interface Props {
  article: ArticlePage;
  now: number;
}

export const getServerSideProps: GetServerSideProps<Shown<Props>> = async (context) => {
  const handle = handleOf(context.params?.person);
  const slug = one(context.params?.slug);
  if (!handle || !slug) return refuse(context, "missing");
  const article = await api.article(handle, slug, traceOf(context));
  if (article.kind !== "found") {
    cacheable(context, [`handle:${handle.toLowerCase()}`]);
    return otherwise(context, article);
  }
  const { id, author, topics } = article.body;
  cacheable(context, [`article:${id}`, `author:${author.id}`, ...topics.map((topic) => `topic:${topic.slug}`)]);
  return show({ article: article.body, now: Date.now() });
};

export default function Article({ wrong, shown }: InferGetServerSidePropsType<typeof getServerSideProps>) {
  const path = useRouter().asPath;
  if (wrong) return <WrongPage wrong={wrong} path={path} />;
  const { article, now } = shown;
  const { author, cover } = article;
  const home = `/@${author.handle}`;
  return (
    <Frame path={path} feed={`${home}/feed.xml`} bare>
      <PageHead
        meta={{
          title: article.title,
          description: article.description,
          canonical: article.canonicalUrl ?? article.url,
          feed: { href: `${home}/feed.xml`, title: reading.profile.feedOf(author.name) },
          image: cover ?? undefined,
          language: article.language,
          article: {
            publishedAt: article.publishedAt,
            editedAt: article.editedAt,
            author: author.name,
            authorUrl: home,
            topics: article.topics.map(({ name }) => name),
          },
        }}
      />
      <ArticleBody article={article} now={now} />
    </Frame>
  );
}
