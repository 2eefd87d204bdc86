"use client";
import { useCallback, useEffect, useState } from "react";
import type { FoundDraft } from "@blog/api";
import { Found } from "@/components/found";
import { Frame } from "@/components/frame";
import { Failed } from "@/components/notice";
import { When } from "@/components/when";
import { SignInPage } from "@/components/writing/gate";
import { searchMine } from "@/lib/my-articles";
import { searchMine as words } from "@/messages/search";
import { writing } from "@/messages/writing";
import { SearchMine } from "./search-mine";
import { Waiting } from "./stories-page";

type Listed = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | { kind: "shown"; items: readonly FoundDraft[]; next: string | null; at: number };

/** My drafts and unpublished stories that have these words. */
export function FoundDrafts({ query }: { query: string }) {
  const [list, setList] = useState<Listed>({ kind: "loading" });
  const path = `/me/stories?q=${encodeURIComponent(query)}`;

  const load = useCallback(
    async (after?: { items: readonly FoundDraft[]; token: string }) => {
      const answer = await searchMine(query, after?.token);
      if (answer.kind === "done") setList({ kind: "shown", items: [...(after?.items ?? []), ...answer.value.items], next: answer.value.nextPageToken, at: Date.now() });
      // What cannot be read as words is in no draft.
      else if (answer.kind === "refused") setList({ kind: "shown", items: [], next: null, at: Date.now() });
      else setList({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
    },
    [query],
  );

  useEffect(() => {
    // What was found belongs to whoever is signed in, so it comes after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void load();
  }, [load]);

  if (list.kind === "signedOut") return <SignInPage title={writing.signIn.stories} path={path} place="stories" />;

  return (
    <Frame path={path} place="stories">
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <p className="meta">
              <a className="link" href="/me/stories">
                {words.all}
              </a>
            </p>
            <h1 className="page-title found-heading" dir="auto">
              {words.title(query)}
            </h1>
          </header>
          <SearchMine query={query} />
          {list.kind === "loading" && <Waiting />}
          {list.kind === "failed" && <Failed words={words} onAgain={() => void load()} />}
          {list.kind === "shown" && list.items.length === 0 && (
            <div className="empty">
              <h2 className="empty-title">{words.nothing(query)}</h2>
              <p>{words.nothingText}</p>
              <div className="row">
                <a className="btn btn-line" href={`/search?q=${encodeURIComponent(query)}`}>
                  {words.inPublished}
                </a>
              </div>
            </div>
          )}
          {list.kind === "shown" && list.items.map((draft) => <Row key={draft.id} draft={draft} now={list.at} />)}
          {list.kind === "shown" && list.next && (
            <p className="pager">
              <button className="btn btn-line" type="button" onClick={() => void load({ items: list.items, token: list.next ?? "" })}>
                {writing.stories.more}
              </button>
            </p>
          )}
        </div>
      </main>
    </Frame>
  );
}

function Row({ draft: { id, title, passage, updatedAt }, now }: { draft: FoundDraft; now: number }) {
  return (
    <article className="mine-row">
      <div>
        <h2 dir="auto">
          <a href={`/write/${id}`}>{title.length > 0 ? <Found pieces={title} /> : writing.stories.untitled}</a>
        </h2>
        {passage.length > 0 && (
          <p className="story-dek" dir="auto">
            <Found pieces={passage} />
          </p>
        )}
        <p className="meta">
          {writing.stories.edited} <When instant={updatedAt} now={now} />
        </p>
      </div>
    </article>
  );
}
