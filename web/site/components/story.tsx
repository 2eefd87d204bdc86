import type { ReactNode } from "react";
import type { ArticleCard } from "@blog/api";
import { sourceOf } from "@/lib/pictures";
import { reading } from "@/messages/reading";
import { Faces, Inside, Names } from "./byline";
import { Save } from "./save";
import { When } from "./when";

export function topicAddress(slug: string): string {
  return `/topics/${encodeURIComponent(slug)}`;
}

interface StoryProps {
  article: ArticleCard;
  now: number;
  /** The first story of the newest page is set larger. */
  lead?: boolean;
  /** On the author's own page the name would repeat itself, where it stands alone. */
  withoutAuthor?: boolean;
  /** Of a list of this publication. */
  withoutPublication?: boolean;
  /** Why it is in this list. */
  why?: ReactNode;
  /** What can be done with it, at the end of its foot. */
  tools?: ReactNode;
}

export function Story({ article, now, lead, withoutAuthor, withoutPublication, why, tools }: StoryProps) {
  const { cover, topics, url } = article;
  const topic = topics[0];
  return (
    <article className={lead ? "story lead" : "story"}>
      {why}
      {(!withoutAuthor || article.coAuthors.length > 0) && (
        <div className="byline">
          <Faces article={article} size="s" />
          <span>
            <Names article={article} className="who" />
            {!withoutPublication && <Inside article={article} />}
          </span>
        </div>
      )}
      <div className="story-grid">
        <div>
          <h2 className="story-title" dir="auto">
            <a href={url}>{article.title || reading.story.untitled}</a>
          </h2>
          {article.description && (
            <p className="story-dek" dir="auto">
              {article.description}
            </p>
          )}
        </div>
        {cover && !lead && <Cover article={article} cover={cover} className="picture story-thumb" sizes="(min-width: 30rem) 9.5rem, 5.5rem" largest={640} />}
      </div>
      {cover && lead && <Cover article={article} cover={cover} className="picture" sizes="(min-width: 48rem) 42.5rem, 100vw" largest={1200} eager />}
      <div className="story-foot">
        <p className="meta">
          <When instant={article.publishedAt} now={now} />
          <span className="dot">{reading.story.minutes(article.readingMinutes)}</span>
          {topic && (
            <span className="dot">
              <a href={topicAddress(topic.slug)}>{topic.name}</a>
            </span>
          )}
        </p>
        <Save article={article} />
        {tools}
      </div>
    </article>
  );
}

interface CoverProps {
  article: ArticleCard;
  cover: NonNullable<ArticleCard["cover"]>;
  className: string;
  sizes: string;
  largest: number;
  eager?: boolean;
}

/** The picture repeats the title's link for the mouse only. */
function Cover({ article, cover, className, sizes, largest, eager }: CoverProps) {
  return (
    <a href={article.url} tabIndex={-1} aria-hidden="true">
      <div className={className}>
        <img
          {...sourceOf(cover.url, cover.width, largest)}
          sizes={sizes}
          width={cover.width}
          height={cover.height}
          alt=""
          loading={eager ? "eager" : "lazy"}
          fetchPriority={eager ? "high" : undefined}
          decoding="async"
        />
      </div>
    </a>
  );
}

/** Stories and the links to the older and the newest ones; `base` is the page's own path. */
export function StoryList({
  articles,
  next,
  paged,
  base,
  now,
  withoutAuthor,
  withoutPublication,
  withLead,
}: {
  articles: readonly ArticleCard[];
  next: string | null;
  paged: boolean;
  base: string;
  now: number;
  withoutAuthor?: boolean;
  withoutPublication?: boolean;
  withLead?: boolean;
}) {
  return (
    <>
      {articles.map((article, index) => (
        <Story key={article.id} article={article} now={now} lead={withLead && index === 0 && !paged} withoutAuthor={withoutAuthor} withoutPublication={withoutPublication} />
      ))}
      {(next || paged) && (
        <nav className="row pager" aria-label={reading.home.more}>
          {next && (
            <a className="btn btn-line" href={`${base}?page=${encodeURIComponent(next)}`} rel="next">
              {reading.home.older}
            </a>
          )}
          {paged && (
            <a className="btn btn-bare" href={base}>
              {reading.home.toNewest}
            </a>
          )}
        </nav>
      )}
    </>
  );
}
