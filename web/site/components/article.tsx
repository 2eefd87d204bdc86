import type { ArticlePage, Author, RecommendedArticle } from "@blog/api";
import { authorsOf, namesOf } from "@/lib/authors";
import { withFormulas } from "@/lib/formulas";
import { directionOf } from "@/lib/languages";
import { sourceOf } from "@/lib/pictures";
import { readNext } from "@/messages/for-you";
import { reading } from "@/messages/reading";
import { Actions } from "./actions";
import { Faces, Inside, Names } from "./byline";
import { FollowButton } from "./follow";
import { Icon } from "./icons";
import { NewsletterForm } from "./newsletter";
import { Avatar } from "./people";
import { Reason } from "./reason";
import { SeriesEnds, SeriesHead } from "./series/navigation";
import { topicAddress } from "./story";
import { Talk } from "./talk";
import { LanguageSwitch } from "./translations/switch";
import { When } from "./when";

const { article: words, story } = reading;

export function ArticleBody({ article, next, now }: { article: ArticlePage; next: readonly RecommendedArticle[]; now: number }) {
  const { author, topics } = article;
  const language = article.language ?? undefined;
  // A text in a right-to-left script may begin with a word of another; what its author said counts.
  const direction = directionOf(language) ?? "auto";
  return (
    <main id="main" tabIndex={-1}>
      <article className="frame" lang={language} data-article={article.id} data-author={author.id}>
        <header className="article-head">
          <LanguageSwitch translations={article.translations} />
          <h1 className="article-title" dir={direction}>
            {article.title}
          </h1>
          {article.description && (
            <p className="standfirst" dir={direction}>
              {article.description}
            </p>
          )}
          <div className="byline" lang="en">
            <Faces article={article} />
            <div>
              <Names article={article} className="who" />
              <Inside article={article} />
              <span className="meta">
                <When instant={article.publishedAt} now={now} />
                <span className="dot">{story.minutesToRead(article.readingMinutes)}</span>
                {article.editedAt && (
                  <span className="dot wide-only">
                    Edited <When instant={article.editedAt} now={now} />
                  </span>
                )}
              </span>
            </div>
            <div className="byline-actions">
              <a className="btn btn-line" href={`/write/${article.id}`} data-own={authorsOf(article).map(({ id }) => id).join(" ")} hidden>
                <Icon name="write" small />
                <span>{words.edit}</span>
              </a>
            </div>
            {article.coAuthors.length === 0 && <FollowButton of={{ kind: "people", id: author.id, name: author.name }} />}
          </div>
          {article.series && <SeriesHead series={article.series} />}
        </header>
        <Actions article={article} />
        <Cover article={article} />
        <div className="article-body">
          <Contents article={article} />
          <div className="prose" dir={direction} dangerouslySetInnerHTML={{ __html: withFormulas(article.html) }} />
        </div>
      </article>
      <div className="frame">
        {article.series && <SeriesEnds series={article.series} />}
        <div className="after">
          {topics.length > 0 && (
            <section aria-label={words.topics}>
              <ul className="topics">
                {topics.map(({ slug, name }) => (
                  <li key={slug}>
                    <a className="topic" href={topicAddress(slug)}>
                      {name}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {authorsOf(article).map((each) => (
            <AuthorCard key={each.id} author={each} />
          ))}
          {!author.unclaimed && <NewsletterForm author={author} />}
          <Talk article={article} now={now} />
          {next.length > 0 && <ReadNext after={article.id} items={next} now={now} />}
          <section aria-labelledby="next" data-more={author.handle} data-not={article.id} hidden>
            <h2 className="section-title" id="next">
              {words.moreBy(author.name)}
            </h2>
            <div className="next" data-more-list />
          </section>
        </div>
      </div>
    </main>
  );
}

function AuthorCard({ author }: { author: Author }) {
  const home = `/@${author.handle}`;
  return (
    <section className="author-card" aria-labelledby={`author-${author.id}`}>
      <Avatar person={author} size="l" />
      <div>
        <h2 id={`author-${author.id}`}>
          <a href={home}>{author.name}</a>
        </h2>
        {author.bio && <p>{author.bio}</p>}
        <p className="row">
          <FollowButton of={{ kind: "people", id: author.id, name: author.name }} main />
          <a className="btn btn-line" href={home}>
            {words.allBy(author.name)}
          </a>
          <a className="btn btn-bare" href={`${home}/feed.xml`}>
            <Icon name="feed" small />
            {reading.site.feed}
          </a>
        </p>
      </div>
    </section>
  );
}

/** @param after The story they follow: a reason that speaks of it need not name it. */
function ReadNext({ after, items, now }: { after: string; items: readonly RecommendedArticle[]; now: number }) {
  return (
    <section className="read-next" aria-labelledby="read-next">
      <h2 className="section-title" id="read-next">
        {readNext.title}
      </h2>
      <div className="next">
        {items.map(({ article, article: { id, url, title, publishedAt, readingMinutes }, reason }) => (
          <article key={id}>
            <p className="why">{reason.id === after ? (reason.kind === "read" ? readNext.similar : readNext.sameReaders) : <Reason reason={reason} />}</p>
            <h3 dir="auto">
              <a href={url}>{title || story.untitled}</a>
            </h3>
            <p className="meta">
              {reason.kind !== "sameAuthor" && <bdi>{namesOf(article)}</bdi>}
              <span className={reason.kind === "sameAuthor" ? undefined : "dot"}>
                <When instant={publishedAt} now={now} />
              </span>
              <span className="dot">{story.minutes(readingMinutes)}</span>
            </p>
          </article>
        ))}
      </div>
    </section>
  );
}

function Cover({ article: { cover } }: { article: ArticlePage }) {
  if (!cover) return null;
  const small = cover.width < 1000;
  return (
    <figure className={small ? "cover cover-small" : "cover"}>
      <div className="picture">
        <img
          {...sourceOf(cover.url, cover.width, 1920)}
          sizes={small ? "(min-width: 48rem) 38.5rem, 100vw" : "(min-width: 64rem) 60rem, 100vw"}
          width={cover.width}
          height={cover.height}
          alt={cover.alt}
          fetchPriority="high"
          decoding="async"
        />
      </div>
    </figure>
  );
}

/** Folded above the text on narrow screens, in the margin on wide ones; only one of the two is ever shown. */
function Contents({ article: { headings } }: { article: ArticlePage }) {
  const top = Math.min(...headings.map(({ level }) => level));
  const listed = headings.filter(({ level }) => level === top);
  if (listed.length < 3) return null;
  const list = (
    <ul className="toc-list">
      {listed.map(({ anchor, text }) => (
        <li key={anchor}>
          <a href={`#${anchor}`}>{text}</a>
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <nav className="toc-fold" aria-label={words.contents} lang="en">
        <details>
          <summary>{words.contents}</summary>
          {list}
        </details>
      </nav>
      <nav className="toc" aria-labelledby="toc">
        <div>
          <p className="toc-title" id="toc">
            {words.contents}
          </p>
          {list}
        </div>
      </nav>
    </>
  );
}
