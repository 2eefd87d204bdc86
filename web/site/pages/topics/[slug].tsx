import type { GetServerSideProps } from "next";
import type { ArticleList, Topic } from "@blog/api";
import { Document } from "@/components/document";
import { FollowButton } from "@/components/follow";
import { StoryList, topicAddress } from "@/components/story";
import { api } from "@/lib/api";
import { cacheable, one, otherwise, refuse, show, traceOf } from "@/lib/page";
import { reading } from "@/messages/reading";

export { default } from "@/lib/drawn";

interface Props {
  path: string;
  topic: Topic;
  list: ArticleList;
  paged: boolean;
  now: number;
}

export const getServerSideProps: GetServerSideProps = async (context) => {
  const slug = one(context.params?.slug);
  if (!slug) return refuse(context, "missing");
  const pageToken = one(context.query.page);
  const list = await api.articles({ topic: slug, pageToken }, traceOf(context));
  cacheable(context, [`topic:${slug}`]);
  if (list.kind !== "found") return otherwise(context, list);
  const topic = list.body.items[0]?.topics.find((candidate) => candidate.slug === slug);
  if (!topic) return refuse(context, "noTopic");
  return show(context, <TopicPage path={context.resolvedUrl} topic={topic} list={list.body} paged={pageToken !== undefined} now={Date.now()} />);
};

function TopicPage({ path, topic, list, paged, now }: Props) {
  const { topics } = reading;
  const base = topicAddress(topic.slug);
  return (
    <Document path={path} place="topics" meta={{ title: topic.name, description: topics.of(topic.name), canonical: paged ? path : base }}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <p className="meta">
              <a className="link" href="/topics">
                {topics.all}
              </a>
            </p>
            <h1 className="page-title">{topic.name}</h1>
            <p className="meta">{topics.count(topic.articleCount)}</p>
            <p className="row">
              <FollowButton of={{ kind: "topics", id: topic.slug, name: topic.name }} main />
            </p>
          </header>
          <div className="ruled">
            <StoryList articles={list.items} next={list.nextPageToken} paged={paged} base={base} now={now} />
          </div>
        </div>
      </main>
    </Document>
  );
}
