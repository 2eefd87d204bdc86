"use client";
import type { FollowedTopic, RelatedPerson } from "@blog/api";
import { Avatar } from "@/components/people";
import { topicAddress } from "@/components/story";
import { setFollowing, setMuted } from "@/lib/following";
import { listBlocked, listMuted, listPeople, listTopics, setBlocked } from "@/lib/my-relations";
import { people, relations } from "@/messages/people";
import { Empty, List, RelationsPage, Toggle, type ToggleProps } from "./lists";

export function FollowingPage() {
  return (
    <RelationsPage place="following" path="/settings/following" words={relations.following}>
      {(onSignedOut) => (
        <>
          <List
            title={relations.following.people}
            load={listPeople}
            onSignedOut={onSignedOut}
            keyOf={({ person }) => person.id}
            empty={<Empty title={relations.following.noPeople} text={relations.following.noPeopleText} />}
            row={(related) => <PersonRow related={related} change={(follows) => setFollowing("people", related.person.id, follows)} on={people.following} off={people.follow} />}
          />
          <List
            title={relations.following.topics}
            load={listTopics}
            onSignedOut={onSignedOut}
            keyOf={({ slug }) => slug}
            empty={
              <Empty title={relations.following.noTopics} text={relations.following.noTopicsText}>
                <a className="btn btn-line" href="/topics">
                  {relations.following.findTopics}
                </a>
              </Empty>
            }
            row={(topic) => <TopicRow topic={topic} />}
          />
        </>
      )}
    </RelationsPage>
  );
}

export function BlockedPage() {
  const words = relations.blocked;
  return (
    <RelationsPage place="blocked" path="/settings/blocked" words={words}>
      {(onSignedOut) => (
        <>
          <List
            title={words.muted}
            text={words.mutedText}
            load={listMuted}
            onSignedOut={onSignedOut}
            keyOf={({ person }) => person.id}
            empty={<p className="meta">{words.noMuted}</p>}
            row={(related) => <PersonRow related={related} change={(muted) => setMuted(related.person.id, muted)} on={words.unmute} off={words.mute} verbs />}
          />
          <List
            title={words.blocked}
            text={words.blockedText}
            load={listBlocked}
            onSignedOut={onSignedOut}
            keyOf={({ person }) => person.id}
            empty={<p className="meta">{words.noBlocked}</p>}
            row={(related) => <PersonRow related={related} change={(blocked) => setBlocked(related.person.id, blocked)} on={words.unblock} off={words.block} verbs />}
          />
        </>
      )}
    </RelationsPage>
  );
}

function PersonRow({ related: { person }, ...button }: { related: RelatedPerson } & Omit<ToggleProps, "name">) {
  return (
    <>
      <Avatar person={person} />
      <div>
        <a className="who" href={`/@${person.handle}`}>
          {person.name}
        </a>
        <p className="meta">@{person.handle}</p>
      </div>
      <Toggle name={person.name} {...button} />
    </>
  );
}

function TopicRow({ topic: { slug, name, articleCount } }: { topic: FollowedTopic }) {
  return (
    <>
      <span className="avatar" aria-hidden="true">
        #
      </span>
      <div>
        <a className="who" href={topicAddress(slug)}>
          {name}
        </a>
        <p className="meta">{relations.following.stories(articleCount)}</p>
      </div>
      <Toggle name={name} change={(follows) => setFollowing("topics", slug, follows)} on={people.following} off={people.follow} />
    </>
  );
}
