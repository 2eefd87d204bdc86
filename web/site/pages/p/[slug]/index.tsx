import type { GetServerSideProps } from "next";
import type { ArticleList, PublicationPage } from "@blog/api";
import { Document } from "@/components/document";
import { FollowButton } from "@/components/follow";
import { Icon } from "@/components/icons";
import { Avatar } from "@/components/people";
import { StoryList } from "@/components/story";
import { api } from "@/lib/api";
import { cacheable, one, otherwise, refuse, show, traceOf } from "@/lib/page";
import { publications } from "@/messages/publications";
import { reading } from "@/messages/reading";

export { default } from "@/lib/drawn";

const words = publications.page;

interface Props {
  path: string;
  publication: PublicationPage;
  list: ArticleList;
  paged: boolean;
  now: number;
}

export const getServerSideProps: GetServerSideProps = async (context) => {
  const slug = one(context.params?.slug);
  if (!slug) return refuse(context, "missing");
  const pageToken = one(context.query.page);
  const trace = traceOf(context);
  const [publication, list] = await Promise.all([api.publication(slug, trace), api.articlesIn(slug, { pageToken }, trace)]);
  cacheable(context, [`publication-slug:${slug.toLowerCase()}`]);
  if (publication.kind !== "found") return otherwise(context, publication);
  if (list.kind !== "found") return otherwise(context, list);
  const { id, people } = publication.body;
  cacheable(context, [`publication:${id}`, `publication-slug:${slug.toLowerCase()}`, `follows:${id}`, ...people.map((person) => `author:${person.id}`)]);
  return show(context, <Publication path={context.resolvedUrl} publication={publication.body} list={list.body} paged={pageToken !== undefined} now={Date.now()} />);
};

function Publication({ path, publication, list, paged, now }: Props) {
  const { id, name, url, description, pictureUrl, people } = publication;
  return (
    <Document
      path={path}
      feed={`${url}/feed.xml`}
      meta={{
        title: name,
        description: description || words.feedOf(name),
        canonical: paged ? path : url,
        feed: { href: `${url}/feed.xml`, title: words.feedOf(name) },
        image: pictureUrl ? { url: pictureUrl, alt: name } : undefined,
        publication: { name, image: pictureUrl, since: publication.createdAt, people: people.map((person) => ({ name: person.name, url: `/@${person.handle}` })) },
        trail: [{ name, path: url }],
      }}
    >
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head profile-head">
            <Avatar person={{ name, avatarUrl: pictureUrl }} size="l" />
            <div>
              <h1 className="page-title">{name}</h1>
              {description && (
                <p className="standfirst" dir="auto">
                  {description}
                </p>
              )}
              <p className="meta">
                <span data-followers={id}>{words.followers(publication.followerCount)}</span>
              </p>
              <div className="row">
                <FollowButton of={{ kind: "publications", id, name }} main />
                <a className="btn btn-line" href={`${url}/feed.xml`}>
                  <Icon name="feed" small />
                  {reading.site.feed}
                </a>
                <a className="btn btn-line" href={`/me/publications/${id}`} data-own={people.map((person) => person.id).join(" ")} hidden>
                  {words.manage}
                </a>
              </div>
            </div>
          </header>
          <section aria-labelledby="stories">
            <h2 className="sr" id="stories">
              {words.stories}
            </h2>
            {list.items.length === 0 ? (
              <div className="empty">
                <h3 className="empty-title">{words.empty(name)}</h3>
                <p>{words.emptyText}</p>
              </div>
            ) : (
              <div>
                <StoryList articles={list.items} next={list.nextPageToken} paged={paged} base={url} now={now} withoutPublication />
              </div>
            )}
          </section>
          <section className="relations" aria-labelledby="people">
            <h2 className="section-title" id="people">
              {words.people}
            </h2>
            <ul className="people">
              {people.map((person) => (
                <li className="person" key={person.id}>
                  <Avatar person={person} />
                  <div>
                    <a className="who" href={`/@${person.handle}`}>
                      {person.name}
                    </a>
                    <p className="meta">@{person.handle}</p>
                  </div>
                </li>
              ))}
            </ul>
          </section>
        </div>
      </main>
    </Document>
  );
}
