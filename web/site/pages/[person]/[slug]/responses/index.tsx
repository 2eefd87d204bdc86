import type { GetServerSideProps } from "next";
import type { ResponseList } from "@blog/api";
import { TalkPage } from "@/components/talk-page";
import type { Sort } from "@/components/talk";
import { api } from "@/lib/api";
import { one, otherwise, show, traceOf } from "@/lib/page";
import { storyOf } from "@/lib/talk/story";
import { talk } from "@/messages/talk";

export { default } from "@/lib/drawn";

export const getServerSideProps: GetServerSideProps = async (context) => {
  const story = await storyOf(context, "/responses");
  if (story.kind === "answered") return story.result;
  const sort: Sort = one(context.query.sort) === "newest" ? "newest" : "best";
  const page = one(context.query.page);
  const list = await api.responses(story.article.id, { sort, pageToken: page }, traceOf(context));
  if (list.kind !== "found") return otherwise(context, list);
  return show(context, <Responses path={context.resolvedUrl} article={story.article} list={list.body} sort={sort} page={page} now={Date.now()} />);
};

interface Props {
  path: string;
  article: Parameters<typeof TalkPage>[0]["article"];
  list: ResponseList;
  sort: Sort;
  page?: string;
  now: number;
}

function Responses({ path, article, list, sort, page, now }: Props) {
  return <TalkPage path={path} article={article} title={talk.pageTitle(article.title)} canonical={`${article.url}/responses`} talk={{ list, sort, page, now }} />;
}
