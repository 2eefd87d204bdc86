import { Fragment } from "react";
import type { FeedItem, FeedReason } from "@blog/api";
import type { Change as FeedChange } from "@/components/feed/use-feed";
import { Icon } from "@/components/icons";
import { Story, topicAddress } from "@/components/story";
import { authorsOf } from "@/lib/authors";
import { setFollowing, setMuted, type Kind } from "@/lib/following";
import { following as words } from "@/messages/following";
import { reading } from "@/messages/reading";

type Change = FeedChange<FeedItem>;

const kinds: Record<FeedReason["kind"], Kind> = { person: "people", topic: "topics", publication: "publications" };

const nameOf = ({ kind, id, name }: FeedReason) => name ?? (kind === "publication" ? words.aPublication : id);

function unfollow(reason: FeedReason): Change {
  return {
    keeps: (item) => {
      const reasons = item.reasons.filter(({ kind, id }) => kind !== reason.kind || id !== reason.id);
      return reasons.length > 0 ? { ...item, reasons } : null;
    },
    done: words.unfollowed(nameOf(reason)),
    apply: async (on) => (await setFollowing(kinds[reason.kind], reason.id, !on)).kind === "done",
  };
}

function mute({ id, name }: { id: string; name: string }): Change {
  return {
    keeps: (item) => (item.article.author.id === id ? null : item),
    done: words.muted(name),
    apply: async (on) => (await setMuted(id, on)).kind === "done",
  };
}

export function FeedStory({ item, now, onChange }: { item: FeedItem; now: number; onChange: (change: Change) => void }) {
  const { article, reasons } = item;
  return (
    <Story
      article={article}
      now={now}
      why={
        <p className="why">
          {words.why} <Reasons item={item} />
        </p>
      }
      tools={
        <details className="story-menu" data-menu>
          <summary className="btn btn-icon" aria-label={words.menu(article.title || reading.story.untitled)}>
            <Icon name="more" />
          </summary>
          <div className="menu">
            {reasons.map((reason) => (
              <button key={reason.kind + reason.id} className="menu-item" type="button" onClick={() => onChange(unfollow(reason))}>
                <Icon name="close" small />
                {words.unfollow(nameOf(reason))}
              </button>
            ))}
            <button className="menu-item" type="button" onClick={() => onChange(mute(article.author))}>
              <Icon name="unseen" small />
              {words.mute(article.author.name)}
            </button>
          </div>
        </details>
      }
    />
  );
}

function Reasons({ item: { article, reasons } }: { item: FeedItem }) {
  return reasons.map((reason, index) => (
    <Fragment key={reason.kind + reason.id}>
      {index > 0 && (index === reasons.length - 1 ? ` ${words.and} ` : ", ")}
      {<a href={reason.kind === "publication" ? (article.publication?.url ?? article.url) : reason.kind === "person" ? `/@${(authorsOf(article).find(({ id }) => id === reason.id) ?? article.author).handle}` : topicAddress(reason.id)}>{nameOf(reason)}</a>}
    </Fragment>
  ));
}
