"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { HighlightedArticle, MyHighlight } from "@blog/api";
import { Toast } from "@/components/dialog";
import { Frame } from "@/components/frame";
import { Icon } from "@/components/icons";
import { Failed } from "@/components/notice";
import { When } from "@/components/when";
import { SignInPage } from "@/components/writing/gate";
import { toMarkdown } from "@/lib/highlights/markdown";
import { allHighlights, listHighlights, removeHighlight, restoreHighlight } from "@/lib/my-highlights";
import { highlights } from "@/messages/highlights";
import { KeptTabs } from "./kept-tabs";

const words = highlights.page;
const path = "/me/highlights";

type Listed = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | { kind: "shown"; query: string; items: readonly HighlightedArticle[]; next: string | null; at: number };

export function HighlightsPage() {
  const [list, setList] = useState<Listed>({ kind: "loading" });
  const [query, setQuery] = useState("");
  const [removed, setRemoved] = useState<MyHighlight>();
  const [said, setSaid] = useState<string>();
  const asked = useRef(0);

  const load = useCallback(async (wanted: string, after?: { items: readonly HighlightedArticle[]; token: string }) => {
    const turn = ++asked.current;
    const answer = await listHighlights(wanted, after?.token);
    // A later word was typed meanwhile.
    if (turn !== asked.current) return;
    if (answer.kind === "done") setList({ kind: "shown", query: wanted, items: [...(after?.items ?? []), ...answer.value.items], next: answer.value.nextPageToken, at: Date.now() });
    else setList({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
  }, []);

  useEffect(() => {
    const typing = setTimeout(() => void load(query.trim()), query ? 250 : 0);
    return () => clearTimeout(typing);
  }, [query, load]);

  /** Takes it out of the list at once; the way back is offered as long as the message stands. */
  const remove = async (highlight: MyHighlight) => {
    if (list.kind !== "shown") return;
    setSaid(undefined);
    setRemoved(highlight);
    setList({
      ...list,
      items: list.items.map((one) => ({ ...one, highlights: one.highlights.filter(({ id }) => id !== highlight.id) })).filter((one) => one.highlights.length > 0),
    });
    const answer = await removeHighlight(highlight.id);
    if (answer.kind === "done" || answer.kind === "missing") return;
    setRemoved(undefined);
    setSaid(highlights.failed);
    await load(list.query);
  };

  const undo = async (highlight: MyHighlight) => {
    setRemoved(undefined);
    const answer = await restoreHighlight(highlight.id);
    setSaid(answer.kind === "done" ? highlights.back : highlights.failed);
    await load(query.trim());
  };

  const take = async () => {
    setSaid(words.exporting);
    const all = await allHighlights();
    setSaid(all.kind === "done" ? undefined : words.failed);
    if (all.kind !== "done") return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([toMarkdown(all.value, location.origin)], { type: "text/markdown" }));
    link.download = "highlights.md";
    link.click();
    URL.revokeObjectURL(link.href);
  };

  if (list.kind === "signedOut") return <SignInPage title={words.title} text={words.signIn} path={path} />;

  const isEmpty = list.kind === "shown" && list.items.length === 0 && !list.next;
  return (
    <Frame path={path}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head ends">
            <h1 className="page-title">{words.title}</h1>
            <button className="btn btn-line" type="button" onClick={() => void take()} disabled={list.kind !== "shown" || (isEmpty && !list.query)}>
              {words.export}
            </button>
          </header>
          <KeptTabs current="highlights" />
          <div className="marks-tools">
            <div className="field">
              <label htmlFor="marks-query">{words.search}</label>
              <input className="input" id="marks-query" type="search" maxLength={100} placeholder={words.searchPlaceholder} value={query} onChange={(event) => setQuery(event.target.value)} />
            </div>
          </div>
          {list.kind === "loading" && <Waiting label={words.loading} />}
          {list.kind === "failed" && <Failed words={words} onAgain={() => void load(query.trim())} />}
          {isEmpty && (
            <div className="empty">
              <h2 className="empty-title">{list.query ? words.nothing(list.query) : words.empty}</h2>
              <p>{list.query ? words.nothingText : words.emptyText}</p>
              {!list.query && (
                <p className="row">
                  <a className="btn btn-main" href="/">
                    {words.toStories}
                  </a>
                </p>
              )}
            </div>
          )}
          {list.kind === "shown" && list.items.map((one) => <Group key={one.articleId} one={one} now={list.at} onRemove={(highlight) => void remove(highlight)} />)}
          {list.kind === "shown" && list.next && (
            <p className="pager">
              <button className="btn btn-line" type="button" onClick={() => void load(list.query, { items: list.items, token: list.next ?? "" })}>
                {words.more}
              </button>
            </p>
          )}
        </div>
      </main>
      {removed && (
        <Toast key={removed.id}>
          <span>{words.removed}</span>
          <button className="btn btn-bare" type="button" onClick={() => void undo(removed)}>
            {words.undo}
          </button>
        </Toast>
      )}
      {said && !removed && <Toast key={said}>{said}</Toast>}
    </Frame>
  );
}

function Group({ one: { article, title, highlights: marked }, now, onRemove }: { one: HighlightedArticle; now: number; onRemove: (highlight: MyHighlight) => void }) {
  return (
    <section className="marks-group">
      <h2>{article ? <a href={article.url}>{article.title}</a> : title || words.gone}</h2>
      <p className="meta">{article ? words.by(article.author.name) : title ? words.unpublished : ""}</p>
      <ul className="marks-list">
        {marked.map((highlight) => (
          <Marked key={highlight.id} highlight={highlight} url={article?.url} now={now} onRemove={onRemove} />
        ))}
      </ul>
    </section>
  );
}

function Marked({ highlight, url, now, onRemove }: { highlight: MyHighlight; url?: string; now: number; onRemove: (highlight: MyHighlight) => void }) {
  const { id, quote, selector, place, note, createdAt } = highlight;
  const isLost = place === "detached";
  return (
    <li className={isLost ? "lost" : undefined} id={id}>
      <blockquote>{quote}</blockquote>
      {place === "changed" && (
        <div className="now">
          <span className="meta">{words.changed}</span>
          <p>{selector.exact}</p>
        </div>
      )}
      {isLost && <p className="marks-note">{words.detached}</p>}
      {note && (
        <p className="marks-note">
          <span className="sr">{words.note}: </span>
          {note}
        </p>
      )}
      <div className="foot-row">
        <span className="meta">
          <When instant={createdAt} now={now} />
          {highlight.public && <span className="dot">{highlight.hidden ? words.isHidden : words.isPublic}</span>}
        </span>
        {url && !isLost && (
          <a className="btn-text" href={`${url}#highlight=${id}`} aria-label={`${words.open}: ${highlights.quoted(quote)}`}>
            {words.open}
          </a>
        )}
        <button className="btn btn-icon" type="button" aria-label={`${words.remove}: ${highlights.quoted(quote)}`} title={words.remove} onClick={() => onRemove(highlight)}>
          <Icon name="bin" small />
        </button>
      </div>
    </li>
  );
}

export function Waiting({ label }: { label: string }) {
  return (
    <div aria-busy="true" aria-label={label} role="group">
      {[0, 1].map((row) => (
        <div className="marks-group" key={row}>
          <span className="skel w-8 h-t" />
          <span className="skel w-10 h-d" />
          <span className="skel w-6 h-d" />
        </div>
      ))}
    </div>
  );
}
