// Who follows a person, and whom they follow: rows that read without script, in pages that can be linked to.
import type { Author, PersonList, PersonPage } from "@blog/api";
import { people as words } from "@/messages/people";
import { Document } from "./document";
import { FollowButton } from "./follow";
import { Avatar } from "./people";

export type Side = "followers" | "following";

interface Props {
  path: string;
  side: Side;
  person: PersonPage;
  list: PersonList;
  /** The token of this page; none: the newest. */
  page?: string;
}

export function PeoplePage({ path, side, person, list, page }: Props) {
  const home = `/@${person.handle}`;
  const base = `${home}/${side}`;
  const title = (side === "followers" ? words.followersOf : words.followedBy)(person.name);
  return (
    <Document path={path} meta={{ title, description: title, canonical: page ? path : base, noIndex: true }}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <p className="byline">
              <Avatar person={person} size="s" />
              <a className="who" href={home}>
                {person.name}
              </a>
            </p>
            <h1 className="page-title">{title}</h1>
          </header>
          <nav className="tabs" aria-label={words.tabs.label(person.name)}>
            {(["followers", "following"] as const).map((tab) => (
              <a key={tab} href={`${home}/${tab}`} aria-current={tab === side ? "page" : undefined}>
                {words.tabs[tab]}
              </a>
            ))}
          </nav>
          {list.items.length === 0 && !page ? (
            <div className="empty">
              <h2 className="empty-title">{(side === "followers" ? words.noFollowers : words.noFollowing)(person.name)}</h2>
              <p>{side === "followers" ? words.noFollowersText : words.noFollowingText}</p>
            </div>
          ) : (
            <ul className="people" data-people={forReader(person.handle, side, page)}>
              {list.items.map((other) => (
                <Row key={other.id} person={other} />
              ))}
            </ul>
          )}
          {(list.nextPageToken || page) && (
            <nav className="row pager" aria-label={words.pages}>
              {list.nextPageToken && (
                <a className="btn btn-line" href={`${base}?page=${encodeURIComponent(list.nextPageToken)}`} rel="next">
                  {words.older}
                </a>
              )}
              {page && (
                <a className="btn btn-bare" href={base}>
                  {words.toNewest}
                </a>
              )}
            </nav>
          )}
        </div>
      </main>
    </Document>
  );
}

/** The same list for whoever reads it; longer, so that those who came since push nobody off it who is shown. */
const forReader = (handle: string, side: Side, page = "") => `/api/v1/me/people/${encodeURIComponent(handle)}/${side}?pageSize=60&pageToken=${encodeURIComponent(page)}`;

function Row({ person }: { person: Author }) {
  const { id, name } = person;
  return (
    <li className="person" data-person={id}>
      <Avatar person={person} />
      <div>
        <a className="who" href={`/@${person.handle}`}>
          {name}
        </a>
        <p className="meta">
          @{person.handle}
          {person.unclaimed && <span className="dot">{words.unclaimed}</span>}
        </p>
        {person.bio && <p className="person-bio">{person.bio}</p>}
      </div>
      <FollowButton of={{ kind: "people", id, name }} />
    </li>
  );
}
