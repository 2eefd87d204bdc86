import type { GetServerSideProps } from "next";
import type { SharedLists } from "@blog/api";
import { Document } from "@/components/document";
import { Avatar } from "@/components/people";
import { ProfileTabs } from "@/components/profile-tabs";
import { When } from "@/components/when";
import { api } from "@/lib/api";
import { cacheable, handleOf, one, otherwise, refuse, show, traceOf } from "@/lib/page";
import { lists } from "@/messages/lists";
import { reading } from "@/messages/reading";

export { default } from "@/lib/drawn";

const words = lists.shared;

export const getServerSideProps: GetServerSideProps = async (context) => {
  const handle = handleOf(context.params?.person);
  if (!handle) return refuse(context, "missing");
  const pageToken = one(context.query.page);
  const trace = traceOf(context);
  const [person, page] = await Promise.all([api.person(handle, trace), api.listsOf(handle, { pageToken }, trace)]);
  cacheable(context, [`handle:${handle.toLowerCase()}`]);
  if (person.kind !== "found") return otherwise(context, person, "/lists");
  if (page.kind !== "found") return otherwise(context, page);
  const { id, name, handle: present } = person.body;
  const base = `/@${present}/lists`;
  cacheable(context, [`handle:${handle.toLowerCase()}`, `author:${id}`, `lists:${id}`]);
  return show(
    context,
    <Document path={context.resolvedUrl} meta={{ title: words.of(name), description: words.of(name), canonical: pageToken ? context.resolvedUrl : base }}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <div className="byline">
              <Avatar person={person.body} size="s" />
              <a className="who" href={`/@${present}`}>
                {name}
              </a>
            </div>
            <h1 className="page-title list-index-title">{words.lists}</h1>
          </header>
          <ProfileTabs handle={present} name={name} at="lists" />
          <Index page={page.body} name={name} base={base} now={Date.now()} />
        </div>
      </main>
    </Document>,
  );
};

function Index({ page: { items, nextPageToken }, name, base, now }: { page: SharedLists; name: string; base: string; now: number }) {
  if (items.length === 0)
    return (
      <div className="empty">
        <h2 className="empty-title">{words.noLists(name)}</h2>
        <p>{words.noListsText}</p>
      </div>
    );
  return (
    <div>
      {items.map((list) => (
        <article className="list-row" key={list.id}>
          <h2>
            <a href={list.url ?? base}>{list.name}</a>
          </h2>
          {list.description && <p className="story-dek">{list.description}</p>}
          <p className="meta">
            {lists.stories(list.itemCount)}
            <span className="dot">
              {lists.library.updated} <When instant={list.updatedAt} now={now} />
            </span>
          </p>
        </article>
      ))}
      {nextPageToken && (
        <nav className="row pager" aria-label={reading.home.more}>
          <a className="btn btn-line" href={`${base}?page=${encodeURIComponent(nextPageToken)}`} rel="next">
            {lists.library.more}
          </a>
        </nav>
      )}
    </div>
  );
}
