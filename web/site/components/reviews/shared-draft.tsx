// A draft as reviewers read it: the story, and under it what was said through their link.
import type { SharedDraft } from "@blog/api";
import { Avatar } from "@/components/people";
import { When } from "@/components/when";
import { inShort, threadsOf, type Thread } from "@/lib/draft-comments";
import { withFormulas } from "@/lib/formulas";
import { sourceOf } from "@/lib/pictures";
import { reviews } from "@/messages/reviews";
import { Quoted, Said } from "./comment";

const words = reviews.draft;

const listed = new Intl.ListFormat("en", { type: "conjunction" });

export const namesIn = ({ authors }: SharedDraft): string => listed.format(authors.map(({ name }) => name)) || reviews.somebody;

export function SharedDraftBody({ draft, token, now }: { draft: SharedDraft; token: string; now: number }) {
  const { title, description, html, language, authors, linkName, updatedAt, readingMinutes } = draft;
  return (
    <main id="main" tabIndex={-1}>
      <div className="frame">
        <div className="draft-banner" role="note">
          <strong>{words.by(namesIn(draft))}</strong>
          <span>{words.for(linkName)}</span>
        </div>
      </div>
      <article className="frame" lang={language ?? undefined} data-draft={token} data-can-comment={draft.canComment || undefined}>
        <header className="article-head">
          <h1 className="article-title" dir="auto">
            {title || reviews.untitled}
          </h1>
          {description && (
            <p className="standfirst" dir="auto">
              {description}
            </p>
          )}
          <div className="byline" lang="en">
            {authors[0] && <Avatar person={authors[0]} />}
            <div>
              <span className="who">
                <bdi>{namesIn(draft)}</bdi>
              </span>
              <span className="meta">
                {words.saved} <When instant={updatedAt} now={now} />
                {html && <span className="dot">{words.minutes(readingMinutes)}</span>}
              </span>
            </div>
          </div>
        </header>
        <DraftCover draft={draft} />
        <div className="article-body">{html ? <div className="prose" dir="auto" dangerouslySetInnerHTML={{ __html: withFormulas(html) }} /> : <p className="standfirst">{words.empty}</p>}</div>
      </article>
      <div className="frame">
        <div className="after">
          <Comments draft={draft} now={now} />
        </div>
      </div>
    </main>
  );
}

function DraftCover({ draft: { cover } }: { draft: SharedDraft }) {
  if (!cover) return null;
  return (
    <figure className={cover.width < 1000 ? "cover cover-small" : "cover"}>
      <div className="picture">
        <img {...sourceOf(cover.url, cover.width, 1920)} sizes="(min-width: 64rem) 60rem, 100vw" width={cover.width} height={cover.height} alt={cover.alt} decoding="async" />
      </div>
    </figure>
  );
}

function Comments({ draft: { comments, canComment }, now }: { draft: SharedDraft; now: number }) {
  const threads = threadsOf(comments);
  return (
    <section className="draft-comments" id="comments" aria-labelledby="comments-title" tabIndex={-1}>
      <h2 className="section-title" id="comments-title">
        {words.comments}
      </h2>
      <p className="meta">{canComment ? `${words.howTo} ${words.seen}` : words.readOnly}</p>
      {canComment && (
        <>
          <noscript>
            <p className="meta">{words.noScript}</p>
          </noscript>
          <p className="row" data-comment-whole hidden>
            <button className="btn btn-line" type="button">
              {words.comment}
            </button>
          </p>
        </>
      )}
      {threads.length === 0 ? (
        <p className="draft-none">{words.none}</p>
      ) : (
        <ol className="draft-threads">
          {threads.map((thread) => (
            <SharedThread key={thread.comment.id} thread={thread} canComment={canComment} now={now} />
          ))}
        </ol>
      )}
    </section>
  );
}

/** What the page's script needs to know of a comment stands in its attributes. */
function SharedThread({ thread: { comment, answers }, canComment, now }: { thread: Thread; canComment: boolean; now: number }) {
  const { id, passage, place, quote, name, resolvedAt } = comment;
  const placed = passage && place !== "detached" && !resolvedAt;
  return (
    <li
      className="draft-thread"
      id={`comment-${id}`}
      tabIndex={-1}
      data-comment={id}
      data-passage={placed ? JSON.stringify(passage) : undefined}
      data-label={placed ? words.marker(name || reviews.somebody, inShort(quote ?? "")) : undefined}
    >
      {resolvedAt && <p className="meta draft-done">{reviews.resolved}</p>}
      <Quoted comment={comment} />
      <Said comment={comment} now={now} />
      {answers.length > 0 && (
        <ol className="draft-answers">
          {answers.map((answer) => (
            <li key={answer.id}>
              <Said comment={answer} now={now} />
              <p className="row" data-take-back={answer.id} data-by={answer.person?.handle} hidden />
            </li>
          ))}
        </ol>
      )}
      <p className="row" data-tools data-take-back={answers.length === 0 ? id : undefined} data-by={comment.person?.handle} hidden>
        {canComment && (
          <button className="btn btn-bare" type="button" data-answer>
            {words.answer}
          </button>
        )}
        {placed && (
          <button className="btn btn-bare" type="button" data-show>
            {words.toPassage}
          </button>
        )}
      </p>
    </li>
  );
}
