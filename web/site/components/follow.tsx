// What stands between a reader and an author, a topic: buttons that are the same for everyone until the page script learns who reads
// (islands/follow.ts). Both words of a button are always there, so that it keeps its width.
import { people } from "@/messages/people";
import { Icon } from "./icons";

export type Followed = { kind: "people"; id: string; name: string } | { kind: "topics" | "publications"; id: string; name: string };

export function FollowButton({ of, main }: { of: Followed; main?: boolean }) {
  const rest = <span className="sr"> {of.name}</span>;
  return (
    <button className={main ? "btn btn-main follow" : "btn btn-line follow"} type="button" data-follow={of.kind} data-id={of.id} data-name={of.name}>
      <span className="off">
        {people.follow}
        {rest}
      </span>
      <span className="on">
        {people.following}
        {rest}
      </span>
    </button>
  );
}

/** Mute and block; for the signed-in, and not about oneself. */
export function MoreAbout({ id, name }: { id: string; name: string }) {
  return (
    <details className="more" data-menu data-about={id} data-name={name}>
      <summary className="btn btn-icon" aria-label={people.more(name)}>
        <Icon name="more" />
      </summary>
      <div className="menu">
        <button className="menu-item" type="button" data-decide="muted">
          <Icon name="unseen" />
          <span>{people.mute(name)}</span>
        </button>
        <button className="menu-item" type="button" data-decide="blocked">
          <Icon name="block" />
          <span>{people.block(name)}</span>
        </button>
      </div>
    </details>
  );
}

/** What the reader decided about this person earlier, filled in by the page script. */
export function Decided({ id, name }: { id: string; name: string }) {
  return (
    <div className="notice decided" data-decided={id} data-name={name} hidden>
      <p data-decided-text />
      <button className="btn btn-line" type="button" data-undecide>
        {people.unblock(name)}
      </button>
    </div>
  );
}
