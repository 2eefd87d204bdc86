"use client";
import { useCallback, useEffect, useState } from "react";
import type { LiveUpdate, NotificationItem } from "@blog/api";
import { Frame } from "@/components/frame";
import { Icon } from "@/components/icons";
import { Failed } from "@/components/notice";
import { Avatar } from "@/components/people";
import { When } from "@/components/when";
import { SignInCard } from "@/components/writing/gate";
import { getPreferences, listNotifications, muteStory, onLive, readNotifications, seeNotifications, unmuteStory, type Shown } from "@/lib/my-notifications";
import { merged, sentence } from "@/lib/notifications";
import { notifications as words } from "@/messages/notifications";

const tabs: readonly Shown[] = ["all", "unread", "responses"];
const responses: readonly NotificationItem["kind"][] = ["response", "reply", "mention"];

type Listed = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | { kind: "shown"; items: readonly NotificationItem[]; next: string | null; unread: number; sequence: number; at: number };

/** A change on a list of one sort: what is of another sort stays out of it; what was read while it is looked at stays. */
function after(list: Extract<Listed, { kind: "shown" }>, update: LiveUpdate, show: Shown): Listed {
  const known = new Set(list.items.map(({ id }) => id));
  const changes = update.changes.filter((item) => known.has(item.id) || show === "all" || (show === "unread" ? item.unread : responses.includes(item.kind)));
  return { ...list, items: merged(list.items, { bell: update.bell, changes }), unread: update.bell.unread, sequence: update.bell.sequence, at: Date.now() };
}

export function NotificationsPage({ show }: { show: Shown }) {
  const [list, setList] = useState<Listed>({ kind: "loading" });
  const [quiet, setQuiet] = useState<{ from: string; to: string } | null>(null);
  const [muted, setMuted] = useState<{ item: NotificationItem; undone: boolean }>();
  const path = show === "all" ? "/me/notifications" : `/me/notifications?show=${show}`;

  const load = useCallback(
    async (more?: { items: readonly NotificationItem[]; token: string }) => {
      const answer = await listNotifications(show, more?.token);
      if (answer.kind !== "done") return setList({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
      const { items, nextPageToken, bell } = answer.value;
      setList({ kind: "shown", items: merged(more?.items ?? [], { bell, changes: items }), next: nextPageToken, unread: bell.unread, sequence: bell.sequence, at: Date.now() });
      if (bell.unseen > 0) void seeNotifications(bell.sequence);
    },
    [show],
  );

  useEffect(() => {
    // The list belongs to whoever is signed in, so it comes after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void load();
    void getPreferences().then((answer) => {
      if (answer.kind === "done") setQuiet(answer.value.quietHours);
    });
  }, [load]);

  useEffect(
    () =>
      onLive((update) => {
        if (update.reset) return void load();
        setList((old) => (old.kind === "shown" ? after(old, update, show) : old));
        if (update.bell.unseen > 0 && document.visibilityState === "visible") void seeNotifications(update.bell.sequence);
      }),
    [load, show],
  );

  const readAll = async () => {
    if (list.kind !== "shown") return;
    setList({ ...list, unread: 0, items: list.items.map((item) => ({ ...item, unread: false })) });
    if ((await readNotifications({ upToPosition: list.sequence })).kind !== "done") await load();
  };

  const mute = async (item: NotificationItem, undone: boolean) => {
    if (!item.articleId) return;
    const answer = await (undone ? unmuteStory(item.articleId) : muteStory(item.articleId));
    if (answer.kind === "done") setMuted({ item, undone });
  };

  return (
    <Frame path={path}>
      <main id="main" className="frame" tabIndex={-1}>
        {list.kind === "signedOut" ? (
          <SignInCard title={words.signIn} path={path} />
        ) : (
          <div className="column">
            <header className="page-head ends">
              <h1 className="page-title">{words.title}</h1>
              <button className="btn btn-line" type="button" disabled={list.kind !== "shown" || list.unread === 0} onClick={() => void readAll()}>
                {words.readAll}
              </button>
            </header>
            <nav className="tabs" aria-label={words.title}>
              {tabs.map((tab) => (
                <a key={tab} href={tab === "all" ? "/me/notifications" : `/me/notifications?show=${tab}`} aria-current={tab === show ? "page" : undefined}>
                  {words.tabs[tab]}
                  {tab === "unread" && list.kind === "shown" && list.unread > 0 && <span className="count">{list.unread}</span>}
                </a>
              ))}
            </nav>
            {list.kind === "loading" && <Waiting />}
            {list.kind === "failed" && <Failed words={words} onAgain={() => void load()} />}
            {list.kind === "shown" && list.items.length === 0 && !list.next && (
              <div className="empty">
                <h2 className="empty-title">{words.empty[show].title}</h2>
                <p>{words.empty[show].text}</p>
                {show === "all" && (
                  <p className="row">
                    <a className="btn btn-main" href="/write">
                      {words.write}
                    </a>
                  </p>
                )}
              </div>
            )}
            {list.kind === "shown" && <Groups items={list.items} now={list.at} onMute={(item) => void mute(item, false)} />}
            {list.kind === "shown" && list.next && (
              <p className="pager">
                <button className="btn btn-line" type="button" onClick={() => void load({ items: list.items, token: list.next ?? "" })}>
                  {words.more}
                </button>
              </p>
            )}
            <p className="meta notes-foot">
              {quiet && `${words.quiet(quiet.from, quiet.to)} `}
              <a className="link" href="/settings/notifications">
                {words.change}
              </a>
            </p>
          </div>
        )}
      </main>
      {muted && (
        <div className="toast-place">
          <div className="toast" role="status" key={`${muted.item.id}${String(muted.undone)}`}>
            <span>{(muted.undone ? words.unmuted : words.muted)(muted.item.title ?? words.untitled)}</span>
            {!muted.undone && (
              <button className="btn btn-bare" type="button" onClick={() => void mute(muted.item, true)}>
                {words.undo}
              </button>
            )}
          </div>
        </div>
      )}
    </Frame>
  );
}

/** Under "Today", "This week" and "Earlier", as the reader's own calendar has it. */
function Groups({ items, now, onMute }: { items: readonly NotificationItem[]; now: number; onMute: (item: NotificationItem) => void }) {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const of = ({ at }: NotificationItem) => (Date.parse(at) >= midnight ? "today" : Date.parse(at) >= midnight - 6 * 86_400_000 ? "week" : "earlier");
  return (["today", "week", "earlier"] as const).map((group) => {
    const own = items.filter((item) => of(item) === group);
    return (
      own.length > 0 && (
        <section key={group} aria-labelledby={`notes-${group}`}>
          <h2 className="label notes-group" id={`notes-${group}`}>
            {words.groups[group]}
          </h2>
          <ul className="notes">
            {own.map((item) => (
              <Note key={item.id} item={item} now={now} onMute={onMute} />
            ))}
          </ul>
        </section>
      )
    );
  });
}

function Note({ item, now, onMute }: { item: NotificationItem; now: number; onMute: (item: NotificationItem) => void }) {
  const [actor] = item.actors;
  const line = sentence(item).map(({ text, strong }, index) => (strong ? <b key={index}>{text}</b> : text));
  return (
    <li className={item.unread ? "note note-new" : "note"}>
      <span aria-hidden="true">
        <Avatar person={{ name: actor?.name ?? words.somebody, avatarUrl: actor?.avatarUrl ?? null }} />
      </span>
      <div>
        <p className="text">
          {item.unread && <span className="sr">{words.unread}</span>}
          {item.url ? (
            <a
              className="go"
              href={item.url}
              onClick={() => {
                if (item.unread) void readNotifications({ ids: [item.id] });
              }}
            >
              {line}
            </a>
          ) : (
            <span className="go">{line}</span>
          )}
        </p>
        {item.excerpt && <p className="said">{item.excerpt}</p>}
        <p className="meta">
          <When instant={item.at} now={now} />
        </p>
      </div>
      {item.articleId && item.kind !== "article_published" && (
        <button className="btn btn-icon" type="button" aria-label={`${words.mute}: ${item.title ?? words.untitled}`} title={words.mute} onClick={() => onMute(item)}>
          <Icon name="mute" small />
        </button>
      )}
    </li>
  );
}

function Waiting() {
  return (
    <ul className="notes" aria-busy="true" aria-label={words.loading}>
      {[0, 1, 2, 3].map((row) => (
        <li className="note" key={row}>
          <span className="avatar skel" />
          <div>
            <span className="skel w-9 h-t" />
            <span className="skel w-4 h-s" />
          </div>
        </li>
      ))}
    </ul>
  );
}
