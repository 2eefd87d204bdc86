"use client";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import type { FollowedTopic, RelatedPerson } from "@blog/api";
import { Toast } from "@/components/dialog";
import { Frame } from "@/components/frame";
import { Notice } from "@/components/notice";
import { Avatar } from "@/components/people";
import { topicAddress } from "@/components/story";
import { SignInCard } from "@/components/writing/gate";
import type { Call } from "@/lib/browser";
import { listBlocked, listMuted, listPeople, listTopics, setBlocked, setFollowing, setMuted } from "@/lib/my-relations";
import { people, relations } from "@/messages/people";
import { SettingsNav } from "./settings-nav";

interface Page<T> {
  items: readonly T[];
  nextPageToken: string | null;
}

type Listed<T> = { kind: "loading" } | { kind: "failed" } | { kind: "shown"; items: readonly T[]; next: string | null };

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

interface RelationsPageProps {
  place: "following" | "blocked";
  path: string;
  words: { title: string; standfirst: string; signIn: string };
  children: (onSignedOut: () => void) => ReactNode;
}

function RelationsPage({ place, path, words, children }: RelationsPageProps) {
  const [signedOut, setSignedOut] = useState(false);
  const onSignedOut = useCallback(() => setSignedOut(true), []);
  return (
    <Frame path={path}>
      <main id="main" className="frame" tabIndex={-1}>
        {signedOut ? (
          <SignInCard title={words.signIn} path={path} />
        ) : (
          <div className="column">
            <header className="page-head">
              <h1 className="page-title">{words.title}</h1>
              <p className="standfirst">{words.standfirst}</p>
            </header>
            <SettingsNav here={place} />
            {children(onSignedOut)}
          </div>
        )}
      </main>
    </Frame>
  );
}

interface ListProps<T> {
  title: string;
  text?: string;
  load: (pageToken?: string) => Promise<Call<Page<T>>>;
  onSignedOut: () => void;
  keyOf: (item: T) => string;
  empty: ReactNode;
  row: (item: T) => ReactNode;
}

function List<T>({ title, text, load, onSignedOut, keyOf, empty, row }: ListProps<T>) {
  const [list, setList] = useState<Listed<T>>({ kind: "loading" });

  const fetchPage = useCallback(
    async (after?: { items: readonly T[]; token: string }) => {
      const answer = await load(after?.token);
      if (answer.kind === "done") setList({ kind: "shown", items: [...(after?.items ?? []), ...answer.value.items], next: answer.value.nextPageToken });
      else if (answer.kind === "signedOut") onSignedOut();
      else setList({ kind: "failed" });
    },
    [load, onSignedOut],
  );

  useEffect(() => {
    // The list belongs to whoever is signed in, so it comes after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void fetchPage();
  }, [fetchPage]);

  return (
    <section className="relations">
      <h2 className="section-title">{title}</h2>
      {text && <p className="relations-text">{text}</p>}
      {list.kind === "loading" && <Waiting />}
      {list.kind === "failed" && (
        <Notice danger title={relations.failed} text={relations.failedText}>
          <button className="btn btn-line" type="button" onClick={() => void fetchPage()}>
            {relations.again}
          </button>
        </Notice>
      )}
      {list.kind === "shown" && list.items.length === 0 && !list.next && empty}
      {list.kind === "shown" && list.items.length > 0 && (
        <ul className="people">
          {list.items.map((item) => (
            <li className="person" key={keyOf(item)}>
              {row(item)}
            </li>
          ))}
        </ul>
      )}
      {list.kind === "shown" && list.next && (
        <p className="pager">
          <button className="btn btn-line" type="button" onClick={() => void fetchPage({ items: list.items, token: list.next ?? "" })}>
            {relations.more}
          </button>
        </p>
      )}
    </section>
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

interface ToggleProps {
  name: string;
  change: (on: boolean) => Promise<Call<unknown>>;
  /** What the button says while it is so, and while it is not. */
  on: string;
  off: string;
  /** The words are what a click does, rather than what is. */
  verbs?: boolean;
}

/** Stays where it is after it was turned off, so that a wrong click is one click to undo. */
function Toggle({ name, change, on, off, verbs }: ToggleProps) {
  const [is, setIs] = useState(true);
  const [said, setSaid] = useState<string>();
  const turn = async () => {
    setSaid(undefined);
    setIs(!is);
    const answer = await change(!is);
    if (answer.kind === "done") return;
    setIs(is);
    setSaid(answer.kind === "refused" || answer.kind === "conflict" ? answer.refusal.detail : people.failed);
  };
  return (
    <>
      <button className="btn btn-line follow" type="button" data-following={is && !verbs ? "" : undefined} onClick={() => void turn()}>
        <span className={is ? undefined : "away"}>
          {on}
          <span className="sr"> {name}</span>
        </span>
        <span className={is ? "away" : undefined}>
          {off}
          <span className="sr"> {name}</span>
        </span>
      </button>
      {said && <Toast key={said}>{said}</Toast>}
    </>
  );
}

function Empty({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h3 className="empty-title">{title}</h3>
      <p>{text}</p>
      {children && <p className="row">{children}</p>}
    </div>
  );
}

function Waiting() {
  return (
    <div className="people" aria-busy="true" aria-label={relations.loading} role="group">
      {[0, 1, 2].map((row) => (
        <div className="person" key={row}>
          <span className="avatar skel" />
          <div>
            <span className="skel w-4 h-s" />
            <span className="skel w-3 h-s" />
          </div>
        </div>
      ))}
    </div>
  );
}
