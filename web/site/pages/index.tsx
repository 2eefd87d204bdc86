import type { GetServerSideProps } from "next";
import type { ArticleCard, ArticleList, SuggestedPerson, Topic } from "@blog/api";
import { Document } from "@/components/document";
import { HomeTabs } from "@/components/feed/home-tabs";
import { SidePeople, SideStories } from "@/components/side";
import { StoryList, topicAddress } from "@/components/story";
import { api } from "@/lib/api";
import { cacheable, one, otherwise, show, traceOf } from "@/lib/page";
import { forYou } from "@/messages/for-you";
import { reading } from "@/messages/reading";

export { default } from "@/lib/drawn";

interface Props {
  path: string;
  list: ArticleList;
  topics: Topic[];
  trending: ArticleCard[];
  people: SuggestedPerson[];
  paged: boolean;
  now: number;
}

export const getServerSideProps: GetServerSideProps = async (context) => {
  const pageToken = one(context.query.page);
  const trace = traceOf(context);
  const [list, topics, trending, people] = await Promise.all([api.articles({ pageToken }, trace), api.topics(trace), api.trending(trace), api.popularPeople(trace)]);
  cacheable(context, ["list"]);
  if (list.kind !== "found") return otherwise(context, list);
  const props: Props = {
    path: context.resolvedUrl,
    list: list.body,
    // The side column is an extra: without it the page is still the page.
    topics: topics.kind === "found" ? topics.body.items.slice(0, 12) : [],
    trending: trending.kind === "found" ? trending.body.items : [],
    people: people.kind === "found" ? people.body.items : [],
    paged: pageToken !== undefined,
    now: Date.now(),
  };
  cacheable(context, ["list", ...props.trending.map(({ id }) => `article:${id}`), ...props.people.map(({ person }) => `author:${person.id}`)]);
  return show(context, <Home {...props} />);
};

function Home({ path, list, topics, trending, people, paged, now }: Props) {
  const { home, site } = reading;
  return (
    <Document
      path={path}
      place="home"
      meta={{
        title: paged ? home.older : site.name,
        wholeTitle: paged ? undefined : `${site.name} · ${site.tagline}`,
        description: site.description,
        canonical: paged ? path : "/",
        feed: { href: "/feed.xml", title: site.name },
        site: paged ? undefined : { name: site.name },
      }}
    >
      <main id="main" className="frame with-side" tabIndex={-1}>
        <div>
          <h1 className="sr">{home.title}</h1>
          <div className="tabs-row">
            <HomeTabs tab={paged ? undefined : "newest"} label={home.title} />
            <p className="dateline wide-only">
              <time dateTime={new Date(now).toISOString().slice(0, 10)}>{dateline.format(now)}</time>
            </p>
          </div>
          {list.items.length === 0 ? (
            <div className="empty">
              <h2 className="empty-title">{home.empty}</h2>
              <p>{home.emptyText}</p>
              <div className="row">
                <a className="btn btn-main" href="/write">
                  {home.startWriting}
                </a>
              </div>
            </div>
          ) : (
            <StoryList articles={list.items} next={list.nextPageToken} paged={paged} base="/" now={now} withLead />
          )}
        </div>
        <aside className="side" aria-label={home.more}>
          {trending.length > 0 && (
            <section>
              <h2 className="side-title">{forYou.trending}</h2>
              <SideStories articles={trending} />
            </section>
          )}
          {people.length > 0 && (
            <section>
              <h2 className="side-title">{forYou.writers}</h2>
              <SidePeople people={people} />
            </section>
          )}
          {topics.length > 0 && (
            <section>
              <h2 className="side-title">{home.topics}</h2>
              <ul className="topics">
                {topics.map(({ slug, name }) => (
                  <li key={slug}>
                    <a className="topic" href={topicAddress(slug)}>
                      {name}
                    </a>
                  </li>
                ))}
              </ul>
              <a className="btn-text" href="/topics">
                {home.allTopics}
              </a>
            </section>
          )}
          <section>
            <h2 className="side-title">{home.yourTurn}</h2>
            <p>{home.yourTurnText}</p>
            <a className="btn-text" href="/write">
              {home.startWriting}
            </a>
          </section>
          <section>
            <h2 className="side-title">{home.takeAway}</h2>
            <p>{home.takeAwayText}</p>
            <a className="btn-text" href="/feed.xml">
              {site.feed}
            </a>
          </section>
        </aside>
      </main>
    </Document>
  );
}

const dateline = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
