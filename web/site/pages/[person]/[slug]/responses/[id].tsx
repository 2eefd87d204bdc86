import type { GetServerSideProps } from "next";
import { TalkPage } from "@/components/talk-page";
import { api } from "@/lib/api";
import { one, otherwise, refuse, show, traceOf } from "@/lib/page";
import { storyOf } from "@/lib/talk/story";
import { talk } from "@/messages/talk";

export { default } from "@/lib/drawn";

export const getServerSideProps: GetServerSideProps = async (context) => {
  const id = one(context.params?.id);
  if (!id) return refuse(context, "missing");
  const story = await storyOf(context, `/responses/${id}`);
  if (story.kind === "answered") return story.result;
  const { article } = story;
  const thread = await api.response(article.id, id, traceOf(context));
  if (thread.kind !== "found") return otherwise(context, thread);
  const name = thread.body.response.author?.name;
  const title = name ? talk.threadTitle(name, article.title) : talk.pageTitle(article.title);
  return show(context, <TalkPage path={context.resolvedUrl} article={article} title={title} canonical={`${article.url}/responses/${id}`} talk={{ thread: thread.body, now: Date.now() }} />);
};
