import type { GetServerSideProps, InferGetServerSidePropsType } from "next";
import { useRouter } from "next/router";
import type { Topic } from "@blog/api";
import { Frame } from "@/components/frame";
import { PageHead } from "@/components/head";
import { topicAddress } from "@/components/story";
import { WrongPage } from "@/components/wrong";
import { api } from "@/lib/api";
import { cacheable, otherwise, show, traceOf, type Shown } from "@/lib/page";
import { reading } from "@/messages/reading";

export const config = { unstable_runtimeJS: false };

interface Props {
  topics: Topic[];
}

export const getServerSideProps: GetServerSideProps<Shown<Props>> = async (context) => {
  const topics = await api.topics(traceOf(context));
  cacheable(context, ["list"]);
  return topics.kind === "found" ? show({ topics: topics.body.items }) : otherwise(context, topics);
};

export default function Topics({ wrong, shown }: InferGetServerSidePropsType<typeof getServerSideProps>) {
  const path = useRouter().asPath;
  if (wrong) return <WrongPage wrong={wrong} path={path} />;
  const { topics } = reading;
  return (
    <Frame path={path} place="topics">
      <PageHead meta={{ title: topics.title, description: topics.standfirst, canonical: "/topics" }} />
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <h1 className="page-title">{topics.title}</h1>
            <p className="standfirst">{topics.standfirst}</p>
          </header>
          {shown.topics.length === 0 ? (
            <div className="empty ruled">
              <h2 className="empty-title">{topics.empty}</h2>
              <p>{topics.emptyText}</p>
            </div>
          ) : (
            <ul className="topic-index">
              {shown.topics.map(({ slug, name, articleCount }) => (
                <li key={slug}>
                  <a href={topicAddress(slug)}>{name}</a>
                  <span className="meta">{topics.count(articleCount)}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </main>
    </Frame>
  );
}
