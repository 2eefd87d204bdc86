// A reading list as others see it: on its public page, and by link.
import type { SharedListPage } from "@blog/api";
import { lists } from "@/messages/lists";
import { Avatar } from "./people";
import { Story } from "./story";
import { When } from "./when";

const words = lists.shared;

interface SharedListProps {
  page: SharedListPage;
  now: number;
  /** Path of this page without what continues it. */
  base: string;
  paged: boolean;
  byLink?: boolean;
}

export function SharedListBody({ page: { list, items, nextPageToken }, now, base, paged, byLink }: SharedListProps) {
  const { owner } = list;
  return (
    <main id="main" className="frame" tabIndex={-1}>
      <div className="column">
        <header className="page-head">
          <p className="meta">{byLink ? words.byLink : <a className="link" href={`/@${owner.handle}/lists`}>{words.of(owner.name)}</a>}</p>
          <h1 className="page-title">{list.name}</h1>
          {list.description && <p className="standfirst list-about">{list.description}</p>}
          <div className="byline">
            <Avatar person={owner} size="s" />
            <div>
              <a className="who" href={`/@${owner.handle}`}>
                {owner.name}
              </a>
              <span className="meta">
                {lists.stories(list.itemCount)}
                <span className="dot">
                  {lists.library.updated} <When instant={list.updatedAt} now={now} />
                </span>
              </span>
            </div>
          </div>
        </header>
        {items.length === 0 ? (
          <div className="empty ruled">
            <h2 className="empty-title">{words.empty}</h2>
            <p>{words.emptyText}</p>
          </div>
        ) : (
          <div className="ruled">
            {items.map(({ article, note }) => (
              <div key={article.id} className={note ? "listed has-note" : "listed"}>
                <Story article={article} now={now} />
                {note && (
                  <blockquote className="list-note" aria-label={words.noteBy(owner.name)}>
                    <p>{note}</p>
                  </blockquote>
                )}
              </div>
            ))}
            {(nextPageToken || paged) && (
              <nav className="row pager" aria-label={list.name}>
                {nextPageToken && (
                  <a className="btn btn-line" href={`${base}?page=${encodeURIComponent(nextPageToken)}`} rel="next">
                    {words.older}
                  </a>
                )}
                {paged && (
                  <a className="btn btn-bare" href={base}>
                    {words.toFirst}
                  </a>
                )}
              </nav>
            )}
          </div>
        )}
      </div>
    </main>
  );
}
