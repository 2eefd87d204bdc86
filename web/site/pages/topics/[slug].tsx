import type { GetServerSideProps } from "next";
import type { ArticleCard, ArticleList, Topic } from "@blog/api";
import { Document } from "@/components/document";
import { FollowButton } from "@/components/follow";
import { Icon } from "@/components/icons";
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
  const related = besides(topic.slug, list.items);
  return (
    <Document
      path={path}
      place="search"
      feed={`${base}/feed.xml`}
      meta={{
        title: topic.name,
        description: topics.of(topic.name),
        canonical: paged ? path : base,
        trail: [
          { name: topics.title, path: "/topics" },
          { name: topic.name, path: base },
        ],
        feed: { href: `${base}/feed.xml`, title: topics.of(topic.name) },
      }}
    >
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
              <a className="btn btn-bare" href={`/search?topic=${encodeURIComponent(topic.slug)}`}>
                <Icon name="search" small />
                {topics.search}
              </a>
            </p>
            {related.length > 0 && (
              <nav className="related-topics" aria-label={topics.related}>
                <p className="meta">{topics.related}</p>
                <ul className="topics">
                  {related.map(({ slug, name }) => (
                    <li key={slug}>
                      <a className="topic" href={topicAddress(slug)}>
                        {name}
                      </a>
                    </li>
                  ))}
                </ul>
              </nav>
            )}
          </header>
          <div className="ruled">
            <StoryList articles={list.items} next={list.nextPageToken} paged={paged} base={base} now={now} />
          </div>
        </div>
      </main>
    </Document>
  );
}

const mostRelated = 6;

/** Topics that stories about this one have too, most frequent first. */
function besides(slug: string, articles: readonly ArticleCard[]): Topic[] {
  const counts = new Map<string, { topic: Topic; count: number }>();
  for (const topic of articles.flatMap(({ topics }) => topics)) {
    const known = counts.get(topic.slug);
    if (known) known.count++;
    else if (topic.slug !== slug) counts.set(topic.slug, { topic, count: 1 });
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || b.topic.articleCount - a.topic.articleCount)
    .slice(0, mostRelated)
    .map(({ topic }) => topic);
}
