import type { GetServerSideProps } from "next";
import type { ArticleList, PersonPage } from "@blog/api";
import { Document } from "@/components/document";
import { Decided, FollowButton, MoreAbout } from "@/components/follow";
import { Icon } from "@/components/icons";
import { NewsletterForm } from "@/components/newsletter";
import { Avatar } from "@/components/people";
import { ProfileTabs } from "@/components/profile-tabs";
import { StoryList } from "@/components/story";
import { api } from "@/lib/api";
import { monthOf } from "@/lib/dates";
import { cacheable, handleOf, one, otherwise, refuse, show, traceOf } from "@/lib/page";
import { people } from "@/messages/people";
import { reading } from "@/messages/reading";

export { default } from "@/lib/drawn";

interface Props {
  path: string;
  person: PersonPage;
  list: ArticleList;
  paged: boolean;
  now: number;
}

export const getServerSideProps: GetServerSideProps = async (context) => {
  const handle = handleOf(context.params?.person);
  if (!handle) return refuse(context, "missing");
  const pageToken = one(context.query.page);
  const trace = traceOf(context);
  const [person, list] = await Promise.all([api.person(handle, trace), api.articlesOf(handle, { pageToken }, trace)]);
  cacheable(context, [`handle:${handle.toLowerCase()}`]);
  if (person.kind !== "found") return otherwise(context, person);
  if (list.kind !== "found") return otherwise(context, list);
  cacheable(context, [`author:${person.body.id}`, `follows:${person.body.id}`, `handle:${handle.toLowerCase()}`]);
  return show(context, <Person path={context.resolvedUrl} person={person.body} list={list.body} paged={pageToken !== undefined} now={Date.now()} />);
};

function Person({ path, person, list, paged, now }: Props) {
  const { profile } = reading;
  const base = `/@${person.handle}`;
  return (
    <Document
      path={path}
      feed={`${base}/feed.xml`}
      meta={{
        title: person.name,
        description: person.bio || profile.feedOf(person.name),
        canonical: paged ? path : base,
        feed: { href: `${base}/feed.xml`, title: profile.feedOf(person.name) },
        image: person.avatarUrl ? { url: person.avatarUrl, alt: person.name } : undefined,
        person: { name: person.name, handle: person.handle, image: person.avatarUrl, links: person.links, followers: person.followerCount, since: person.createdAt },
        trail: [{ name: person.name, path: base }],
      }}
    >
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head profile-head">
            <Avatar person={person} size="l" />
            <div>
              <h1 className="page-title">{person.name}</h1>
              {person.bio && <p className="standfirst">{person.bio}</p>}
              <p className="meta">
                @{person.handle}
                <span className="dot">
                  <a href={`${base}/followers`} data-followers={person.id}>
                    {people.followers(person.followerCount)}
                  </a>
                </span>
                <span className="dot">
                  <a href={`${base}/following`}>{people.follows(person.followingCount)}</a>
                </span>
                {!person.unclaimed && <span className="dot">{profile.since(monthOf(person.createdAt))}</span>}
              </p>
              {person.unclaimed && <p className="meta">{profile.unclaimed}</p>}
              {person.links.length > 0 && (
                <ul className="links" aria-label={profile.links}>
                  {person.links.map(({ label, url }) => (
                    <li key={url}>
                      <a className="link" href={url} rel="me nofollow ugc noopener">
                        {label || url}
                      </a>
                    </li>
                  ))}
                </ul>
              )}
              <Decided id={person.id} name={person.name} />
              <div className="row">
                <FollowButton of={{ kind: "people", id: person.id, name: person.name }} main />
                <a className="btn btn-line" href={`${base}/feed.xml`}>
                  <Icon name="feed" small />
                  {reading.site.feed}
                </a>
                <a className="btn btn-line" href="/settings" data-own={person.id} hidden>
                  {profile.edit}
                </a>
                <MoreAbout id={person.id} name={person.name} />
              </div>
            </div>
          </header>
          {!person.unclaimed && !paged && (
            <div className="profile-newsletter">
              <NewsletterForm author={person} />
            </div>
          )}
          <ProfileTabs handle={person.handle} name={person.name} at="stories" />
          <section aria-labelledby="stories">
            <h2 className="sr" id="stories">
              {profile.stories}
            </h2>
            {list.items.length === 0 ? (
              <div className="empty">
                <h3 className="empty-title">{profile.empty(person.name)}</h3>
                <p>{profile.emptyText}</p>
              </div>
            ) : (
              <div>
                <StoryList articles={list.items} next={list.nextPageToken} paged={paged} base={base} now={now} withoutAuthor />
              </div>
            )}
          </section>
        </div>
      </main>
    </Document>
  );
}
