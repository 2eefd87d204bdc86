// One comment on a draft, the same for reviewers and authors.
import type { DraftComment } from "@blog/api";
import { Avatar } from "@/components/people";
import { When } from "@/components/when";
import { reviews as words } from "@/messages/reviews";

/** Who said it, when, and what. */
export function Said({ comment: { person, name, createdAt, text, byAuthor }, now, via }: { comment: DraftComment; now: number; via?: string }) {
  const shown = name || words.somebody;
  return (
    <>
      <div className="byline">
        <Avatar person={person ?? { name: shown, avatarUrl: null }} size="s" />
        <div>
          {person ? (
            <a className="who" href={`/@${person.handle}`}>
              <bdi>{shown}</bdi>
            </a>
          ) : (
            <b className="who">
              <bdi>{shown}</bdi>
            </b>
          )}
          <span className="meta">
            <When instant={createdAt} now={now} />
            {byAuthor && <span className="dot">{words.author}</span>}
            {!person && <span className="dot">{words.guest}</span>}
            {via && <span className="dot">{via}</span>}
          </span>
        </div>
      </div>
      <p className="draft-said" dir="auto">
        {text}
      </p>
    </>
  );
}

/** The words a comment is about, and what became of them. */
export function Quoted({ comment: { quote, place, passage } }: { comment: DraftComment }) {
  if (!place) return <p className="meta">{words.whole}</p>;
  return (
    <>
      <blockquote className={place === "detached" ? "lost" : undefined} dir="auto">
        {quote}
      </blockquote>
      {place === "detached" && <p className="meta">{words.gone}</p>}
      {place === "changed" && (
        <p className="meta">
          {words.changed}: <q dir="auto">{passage?.exact}</q>
        </p>
      )}
    </>
  );
}
