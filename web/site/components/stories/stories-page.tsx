"use client";
import { useCallback, useEffect, useState } from "react";
import type { MyArticle } from "@blog/api";
import { Question, Toast } from "@/components/dialog";
import { Frame } from "@/components/frame";
import { Icon } from "@/components/icons";
import { Failed } from "@/components/notice";
import { When } from "@/components/when";
import { SignInPage } from "@/components/writing/gate";
import { onOwnClock } from "@/lib/dates";
import { ownName } from "@/lib/languages";
import { listMine, removeMine, unpublishMine, type Shelf } from "@/lib/my-articles";
import { series } from "@/messages/series";
import { together } from "@/messages/together";
import { writing } from "@/messages/writing";
import { SearchMine } from "./search-mine";

const words = writing.stories;
const tabs: readonly Shelf[] = ["draft", "scheduled", "published", "unpublished"];

type Listed = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | { kind: "shown"; items: readonly MyArticle[]; next: string | null; at: number };
type Asked = { action: "remove" | "unpublish"; article: MyArticle };

export function StoriesPage({ status }: { status: Shelf }) {
  const [list, setList] = useState<Listed>({ kind: "loading" });
  const [asked, setAsked] = useState<Asked>();
  const [toast, setToast] = useState<string>();
  const path = status === "draft" ? "/me/stories" : `/me/stories?status=${status}`;

  const load = useCallback(
    async (after?: { items: readonly MyArticle[]; token: string }) => {
      const answer = await listMine(status, after?.token);
      if (answer.kind === "done") setList({ kind: "shown", items: [...(after?.items ?? []), ...answer.value.items], next: answer.value.nextPageToken, at: Date.now() });
      else setList({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
    },
    [status],
  );

  useEffect(() => {
    // The list belongs to whoever is signed in, so it comes after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void load();
  }, [load]);

  /** Takes the row away at once and says what was done when it was; puts it back, and says so, when the server did not agree. */
  const act = async ({ action, article }: Asked) => {
    setAsked(undefined);
    if (list.kind !== "shown") return;
    setList({ ...list, items: list.items.filter(({ id }) => id !== article.id) });
    const answer = await (action === "remove" ? removeMine(article) : unpublishMine(article));
    const title = article.content.title || words.untitled;
    if (answer.kind === "done" || (action === "remove" && answer.kind === "missing")) return setToast(action === "remove" ? words.deleted(title) : words.unpublished(title));
    setToast(answer.kind !== "conflict" ? words.didNot : answer.current ? words.changedElsewhere : answer.refusal.detail || words.didNot);
    await load();
  };

  if (list.kind === "signedOut") return <SignInPage title={writing.signIn.stories} path={path} place="stories" />;

  return (
    <Frame path={path} place="stories">
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head ends">
            <h1 className="page-title">{words.title}</h1>
            <span className="row">
              <a className="btn btn-line" href="/me/series">
                {series.desk.title}
              </a>
              <a className="btn btn-line" href="/me/invitations">
                {together.invitations.title}
              </a>
              <a className="btn btn-main" href="/write">
                <Icon name="write" small />
                {words.write}
              </a>
            </span>
          </header>
          <SearchMine />
          <nav className="tabs" aria-label={words.title}>
            {tabs.map((tab) => (
              <a key={tab} href={tab === "draft" ? "/me/stories" : `/me/stories?status=${tab}`} aria-current={tab === status ? "page" : undefined}>
                {words.tabs[tab]}
              </a>
            ))}
          </nav>
          {list.kind === "loading" && <Waiting />}
          {list.kind === "failed" && <Failed words={words} onAgain={() => void load()} />}
          {list.kind === "shown" && list.items.length === 0 && !list.next && (
            <div className="empty">
              <h2 className="empty-title">{words.empty[status].title}</h2>
              <p>{words.empty[status].text}</p>
            </div>
          )}
          {list.kind === "shown" && list.items.map((article) => <Row key={article.id} article={article} now={list.at} onAsk={setAsked} />)}
          {list.kind === "shown" && list.next && (
            <p className="pager">
              <button className="btn btn-line" type="button" onClick={() => void load({ items: list.items, token: list.next ?? "" })}>
                {words.more}
              </button>
            </p>
          )}
        </div>
      </main>
      {asked && (
        <Question
          title={(asked.action === "remove" ? words.askDelete : words.askUnpublish)(asked.article.content.title || words.untitled)}
          text={asked.action === "remove" ? words.askDeleteText : words.askUnpublishText}
          yes={asked.action === "remove" ? words.remove : words.unpublish}
          no={asked.action === "remove" ? words.keep : words.keepPublished}
          onYes={() => void act(asked)}
          onNo={() => setAsked(undefined)}
        />
      )}
      {toast && <Toast key={toast}>{toast}</Toast>}
    </Frame>
  );
}

function Row({ article, now, onAsk }: { article: MyArticle; now: number; onAsk: (asked: Asked) => void }) {
  const title = article.content.title || words.untitled;
  const edit = `/write/${article.id}`;
  const published = article.status === "published";
  return (
    <article className="mine-row">
      <div>
        <h2>
          <a href={edit}>{title}</a>
        </h2>
        {article.scheduledFor && <p className="meta">{words.goesOut(onOwnClock(article.scheduledFor))}</p>}
        <p className="meta">
          {published && article.firstPublishedAt ? words.publishedOn : words.edited}{" "}
          <When instant={published && article.firstPublishedAt ? article.firstPublishedAt : article.updatedAt} now={now} />
          <span className="dot">{writing.desk.words(article.wordCount)}</span>
          {article.translationGroupId && article.content.language && (
            <span className="dot">
              <bdi lang={article.content.language}>{ownName(article.content.language)}</bdi>
            </span>
          )}
          {article.scheduleProblem && <span className="badge">{words.missed}</span>}
          {article.authorIds.length > 1 && <span className="dot">{words.together(article.authorIds.length)}</span>}
          {published && article.hasUnpublishedChanges && <span className="badge">{words.changes}</span>}
        </p>
      </div>
      <div className="row">
        {published && article.url && (
          <a className="btn btn-bare" href={article.url} aria-label={`${words.read}: ${title}`}>
            {words.read}
          </a>
        )}
        <a className="btn btn-bare" href={edit} aria-label={`${words.edit}: ${title}`}>
          {words.edit}
        </a>
        <a className="btn btn-bare" href={`/write/${article.id}/translations`} aria-label={`${words.translate}: ${title}`}>
          {words.translate}
        </a>
        {published && (
          <button className="btn btn-bare" type="button" aria-label={`${words.unpublish}: ${title}`} onClick={() => onAsk({ action: "unpublish", article })}>
            {words.unpublish}
          </button>
        )}
        <button className="btn btn-icon" type="button" aria-label={`${words.remove}: ${title}`} title={words.remove} onClick={() => onAsk({ action: "remove", article })}>
          <Icon name="bin" small />
        </button>
      </div>
    </article>
  );
}

export function Waiting() {
  return (
    <div aria-busy="true" aria-label={words.loading} role="group">
      {[0, 1, 2].map((row) => (
        <div className="mine-row" key={row}>
          <div>
            <span className="skel w-8 h-t" />
            <span className="skel w-4 h-s" />
          </div>
        </div>
      ))}
    </div>
  );
}
