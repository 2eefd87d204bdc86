import type { GetServerSideProps } from "next";
import type { Topic } from "@blog/api";
import { Document } from "@/components/document";
import { topicAddress } from "@/components/story";
import { api } from "@/lib/api";
import { cacheable, otherwise, show, traceOf } from "@/lib/page";
import { reading } from "@/messages/reading";

export { default } from "@/lib/drawn";

interface Props {
  path: string;
  topics: Topic[];
}

export const getServerSideProps: GetServerSideProps = async (context) => {
  const topics = await api.topics(traceOf(context));
  cacheable(context, ["list"]);
  return topics.kind === "found" ? show(context, <Topics path={context.resolvedUrl} topics={topics.body.items} />) : otherwise(context, topics);
};

function Topics({ path, topics }: Props) {
  const words = reading.topics;
  return (
    <Document path={path} place="search" meta={{ title: words.title, description: words.standfirst, canonical: "/topics" }}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <h1 className="page-title">{words.title}</h1>
            <p className="standfirst">{words.standfirst}</p>
          </header>
          {topics.length === 0 ? (
            <div className="empty ruled">
              <h2 className="empty-title">{words.empty}</h2>
              <p>{words.emptyText}</p>
            </div>
          ) : (
            <ul className="topic-index">
              {topics.map(({ slug, name, articleCount }) => (
                <li key={slug}>
                  <a href={topicAddress(slug)}>{name}</a>
                  <span className="meta">{words.count(articleCount)}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </main>
    </Document>
  );
}
