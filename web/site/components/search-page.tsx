import type { ReactNode } from "react";
import type { FoundArticleList, FoundPersonList, FoundPublicationList, FoundTopicList, Topic } from "@blog/api";
import { query as queryString } from "@/lib/api";
import { languageName } from "@/lib/languages";
import { addressOf, asked, changed, isFiltered, kinds, mostCharacters, sorts, times, type Search } from "@/lib/search";
import { search as words } from "@/messages/search";
import { Document } from "./document";
import { FoundPeople, FoundPublications, FoundStory, FoundTopics } from "./found";
import { Icon } from "./icons";
import { Notice } from "./notice";
import { SearchField } from "./search-field";
import { topicAddress } from "./story";

/** What there is to show. */
export type SearchOutcome =
  | { kind: "begin"; topics: readonly Topic[] }
  | { kind: "stories"; list: FoundArticleList }
  | { kind: "people"; list: FoundPersonList }
  | { kind: "publications"; list: FoundPublicationList }
  | { kind: "topics"; list: FoundTopicList }
  | { kind: "tooLong" | "unreadable" | "outOfPages" | "away" };

interface Props {
  search: Search;
  outcome: SearchOutcome;
  now: number;
}

export function SearchPage({ search, outcome, now }: Props) {
  const { query, kind } = search;
  const title = query ? words.titleOf(shortened(query)) : words.title;
  return (
    <Document
      path={addressOf(search)}
      place="search"
      withoutSearch
      meta={{
        title,
        description: words.description,
        noIndex: true,
        feed: query && kind === "stories" ? { href: `/search/feed.xml?q=${encodeURIComponent(query)}`, title } : undefined,
      }}
    >
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column search-page">
          <h1 className="sr">{title}</h1>
          <SearchField id="search" query={query} kind={kind === kinds[0] ? undefined : kind} large />
          {outcome.kind !== "begin" && (
            <nav className="tabs" aria-label={words.kinds}>
              {kinds.map((each) => (
                <a key={each} href={addressOf({ query, kind: each, sort: "relevance", time: "any" })} aria-current={each === kind ? "page" : undefined}>
                  {words.kind[each]}
                </a>
              ))}
              <a className="signed-in" href={`/me/stories?q=${encodeURIComponent(query)}`}>
                {words.drafts}
              </a>
            </nav>
          )}
          <Outcome search={search} outcome={outcome} now={now} />
        </div>
      </main>
    </Document>
  );
}

const shortened = (query: string) => (query.length > 60 ? `${query.slice(0, 60).trimEnd()}…` : query);

function Outcome({ search, outcome, now }: Props) {
  const { query } = search;
  switch (outcome.kind) {
    case "begin":
      return <Begin topics={outcome.topics} />;
    case "tooLong":
      return <Empty title={words.tooLong} text={words.tooLongText(query.length)} />;
    case "unreadable":
      return (
        <>
          <Empty title={words.unreadable} text={words.unreadableText} />
          <Tips />
        </>
      );
    case "outOfPages":
      return (
        <Empty title={words.outOfPages} text={words.outOfPagesText}>
          <a className="btn btn-line" href={changed(search, {})}>
            {words.first}
          </a>
        </Empty>
      );
    case "away":
      return (
        <div className="notices">
          <Notice danger title={words.away} text={words.awayText}>
            <a className="btn btn-line" href={addressOf(search)}>
              {words.again}
            </a>
          </Notice>
        </div>
      );
    case "stories":
      return <Stories search={search} list={outcome.list} now={now} />;
    case "people":
      return outcome.list.items.length === 0 ? (
        <Empty title={words.noPeople(shortened(query))} text={words.noPeopleText}>
          <a className="btn btn-line" href={changed(search, { kind: "stories" })}>
            {words.inStories}
          </a>
        </Empty>
      ) : (
        <>
          <ul className="people" data-found={forReader("/people", search, now)}>
            <FoundPeople items={outcome.list.items} />
          </ul>
          <Pager search={search} next={outcome.list.nextPageToken} />
        </>
      );
    case "publications":
      return outcome.list.items.length === 0 ? (
        <Empty title={words.noPublications(shortened(query))} text={words.noPublicationsText}>
          <a className="btn btn-line" href={changed(search, { kind: "stories" })}>
            {words.inStories}
          </a>
        </Empty>
      ) : (
        <>
          <ul className="people">
            <FoundPublications items={outcome.list.items} />
          </ul>
          <Pager search={search} next={outcome.list.nextPageToken} />
        </>
      );
    case "topics":
      return outcome.list.items.length === 0 ? (
        <Empty title={words.noTopics(shortened(query))} text={words.noTopicsText}>
          <a className="btn btn-line" href={changed(search, { kind: "stories" })}>
            {words.inStories}
          </a>
          <a className="btn btn-bare" href="/topics">
            {words.allTopics}
          </a>
        </Empty>
      ) : (
        <>
          <ul className="topic-index search-topics">
            <FoundTopics items={outcome.list.items} />
          </ul>
          <Pager search={search} next={outcome.list.nextPageToken} />
        </>
      );
  }
}

/** The same search as its reader may see it; longer, so that what came since pushes nothing off it that is shown. */
const forReader = (part: string, search: Search, now: number) => `/api/v1/me/search${part}${queryString({ ...asked(search, now), pageSize: 50 })}`;

function Stories({ search, list, now }: { search: Search; list: FoundArticleList; now: number }) {
  const { query } = search;
  const { items, didYouMean } = list;
  const meant = didYouMean && (
    <a className="link" href={changed(search, { query: didYouMean })}>
      <bdi>{didYouMean}</bdi>
    </a>
  );
  return (
    <>
      <Filters search={search} list={list} />
      {items.length === 0 ? (
        <>
          <Empty
            title={query ? words.nothing(shortened(query)) : words.nothingFiltered}
            text={
              meant ? (
                <>
                  {words.didYouMean} {meant}?
                </>
              ) : (
                words.nothingText
              )
            }
          >
            {didYouMean && (
              <a className="btn btn-line" href={changed(search, { query: didYouMean })}>
                {words.searchFor(didYouMean)}
              </a>
            )}
            {isFiltered(search) && query && (
              <a className="btn btn-line" href={addressOf({ query, kind: "stories", sort: search.sort, time: "any" })}>
                {words.clear}
              </a>
            )}
            {query && (
              <a className="btn btn-bare" href={addressOf({ query, kind: "people", sort: "relevance", time: "any" })}>
                {words.inPeople}
              </a>
            )}
          </Empty>
          <Tips />
        </>
      ) : (
        <>
          <p className="found-said">
            {list.similar ? words.similar : words.count(list.total)}
            {meant && (
              <>
                {" "}
                {words.didYouMean} {meant}?
              </>
            )}
          </p>
          <div data-found={forReader("", search, now)}>
            {items.map((item) => (
              <FoundStory key={item.article.id} item={item} now={now} />
            ))}
          </div>
          <Pager search={search} next={list.nextPageToken} />
        </>
      )}
    </>
  );
}

interface Choice {
  label: string;
  href: string;
  chosen: boolean;
  count?: number;
}

function Filters({ search, list }: { search: Search; list: FoundArticleList }) {
  const { topic, language, sort, time } = search;
  const topicName = (slug: string) => list.topics.find(({ id }) => id === slug)?.name ?? list.items.flatMap(({ article }) => article.topics).find((each) => each.slug === slug)?.name ?? slug;
  const topics: Choice[] = [
    { label: words.anyTopic, href: changed(search, { topic: undefined }), chosen: topic === undefined },
    ...list.topics.map(({ id, name, count }) => ({ label: name ?? id, href: changed(search, { topic: id }), chosen: topic === id, count })),
  ];
  const languages: Choice[] = [
    { label: words.anyLanguage, href: changed(search, { language: undefined }), chosen: language === undefined },
    ...list.languages.map(({ id, count }) => ({ label: languageName(id), href: changed(search, { language: id }), chosen: language === id, count })),
  ];
  return (
    <nav className="filters" aria-label={words.filters}>
      <Filter
        spoken={words.sortBy(words.sort[sort])}
        label={words.sort[sort]}
        on={sort !== sorts[0]}
        choices={sorts.map((each) => ({ label: words.sort[each], href: changed(search, { sort: each }), chosen: each === sort }))}
      />
      <Filter
        spoken={words.timeIs(words.time[time])}
        label={words.time[time]}
        on={time !== times[0]}
        choices={times.map((each) => ({ label: words.time[each], href: changed(search, { time: each }), chosen: each === time }))}
      />
      {(topics.length > 2 || topic !== undefined) && (
        <Filter spoken={words.topicIs(topic ? topicName(topic) : words.anyTopic)} label={topic ? topicName(topic) : words.anyTopic} on={topic !== undefined} choices={topics} />
      )}
      {(languages.length > 2 || language !== undefined) && (
        <Filter
          spoken={words.languageIs(language ? languageName(language) : words.anyLanguage)}
          label={language ? languageName(language) : words.anyLanguage}
          on={language !== undefined}
          choices={languages}
        />
      )}
    </nav>
  );
}

/** A menu of links: it opens without script, and each choice has an address. */
function Filter({ label, spoken, on, choices }: { label: string; spoken: string; on: boolean; choices: readonly Choice[] }) {
  return (
    <details className="filter" data-menu>
      <summary className={on ? "btn btn-line on" : "btn btn-line"} aria-label={spoken}>
        <span dir="auto">{label}</span>
        <Icon name="down" small />
      </summary>
      <div className="menu">
        {choices.map(({ label: each, href, chosen, count }) => (
          <a key={href} className="menu-item" href={href} aria-current={chosen ? "true" : undefined}>
            <Icon name="check" small />
            <span dir="auto">{each}</span>
            {count !== undefined && <span className="count">{count.toLocaleString("en")}</span>}
          </a>
        ))}
      </div>
    </details>
  );
}

function Pager({ search, next }: { search: Search; next: string | null }) {
  if (!next && !search.page) return null;
  return (
    <nav className="row pager" aria-label={words.pages}>
      {next && (
        <a className="btn btn-line" href={changed(search, { page: next })} rel="next">
          {words.more}
        </a>
      )}
      {search.page && (
        <a className="btn btn-bare" href={changed(search, {})}>
          {words.first}
        </a>
      )}
    </nav>
  );
}

function Empty({ title, text, children }: { title: string; text: ReactNode; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2 className="empty-title" dir="auto">
        {title}
      </h2>
      <p>{text}</p>
      {children && <div className="row">{children}</div>}
    </div>
  );
}

function Begin({ topics }: { topics: readonly Topic[] }) {
  return (
    <>
      <Empty title={words.begin} text={words.beginText} />
      {topics.length > 0 && (
        <section className="search-begin">
          <h2 className="side-title">{words.topics}</h2>
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
            {words.allTopics}
          </a>
        </section>
      )}
      <Tips />
    </>
  );
}

function Tips() {
  return (
    <section className="search-tips">
      <h2 className="side-title">{words.tips}</h2>
      <dl>
        {words.tip.map(([example, meaning]) => (
          <div key={example}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Whether a search is too long to ask for. */
export const isTooLong = ({ query }: Search): boolean => query.length > mostCharacters;
