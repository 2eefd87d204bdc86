"use client";
import { useCallback, useEffect, useState } from "react";
import type { MyGift } from "@blog/api";
import { Toast } from "@/components/dialog";
import { Frame } from "@/components/frame";
import { Failed } from "@/components/notice";
import { When } from "@/components/when";
import { SignInPage } from "@/components/writing/gate";
import { listGifts, revokeGift } from "@/lib/my-highlights";
import { highlights } from "@/messages/highlights";
import { Waiting } from "./highlights-page";
import { KeptTabs } from "./kept-tabs";

const words = highlights.gifts;
const { page } = highlights;
const path = "/me/gifts";

type Listed = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | { kind: "shown"; items: readonly MyGift[]; next: string | null; at: number };

export function GiftsPage() {
  const [list, setList] = useState<Listed>({ kind: "loading" });
  const [said, setSaid] = useState<string>();

  const load = useCallback(async (after?: { items: readonly MyGift[]; token: string }) => {
    const answer = await listGifts(after?.token);
    if (answer.kind === "done") setList({ kind: "shown", items: [...(after?.items ?? []), ...answer.value.items], next: answer.value.nextPageToken, at: Date.now() });
    else setList({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
  }, []);

  useEffect(() => {
    // The list belongs to whoever is signed in, so it comes after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void load();
  }, [load]);

  const revoke = async (gift: MyGift) => {
    const answer = await revokeGift(gift.id);
    if (answer.kind !== "done") return setSaid(highlights.share.failed);
    if (list.kind === "shown") setList({ ...list, items: list.items.map((one) => (one.id === gift.id ? { ...one, revoked: true } : one)) });
  };

  const copy = async (gift: MyGift) => {
    await navigator.clipboard.writeText(new URL(gift.url ?? "/", location.origin).href);
    setSaid(words.copied);
  };

  if (list.kind === "signedOut") return <SignInPage title={words.title} text={highlights.share.giftSignIn} path={path} />;

  return (
    <Frame path={path}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <h1 className="page-title">{words.title}</h1>
          </header>
          <KeptTabs current="gifts" />
          {list.kind === "loading" && <Waiting label={words.loading} />}
          {list.kind === "failed" && <Failed words={page} onAgain={() => void load()} />}
          {list.kind === "shown" && list.items.length === 0 && (
            <div className="empty">
              <h2 className="empty-title">{words.empty}</h2>
              <p>{words.emptyText}</p>
            </div>
          )}
          {list.kind === "shown" &&
            list.items.map((gift) => {
              const isOver = gift.revoked || Date.parse(gift.expiresAt) <= list.at;
              const title = gift.article?.title ?? page.gone;
              return (
                <article className="mine-row" key={gift.id}>
                  <div>
                    <h2>{gift.article ? <a href={gift.article.url}>{title}</a> : title}</h2>
                    <p className="meta">
                      {gift.revoked ? words.revoked : isOver ? words.over : words.until} {!isOver && <When instant={gift.expiresAt} now={list.at} />}
                      <span className="dot">{words.opens(gift.opens)}</span>
                    </p>
                  </div>
                  {!isOver && gift.url && (
                    <div className="row">
                      <button className="btn btn-bare" type="button" aria-label={`${words.copy}: ${title}`} onClick={() => void copy(gift)}>
                        {words.copy}
                      </button>
                      <button className="btn btn-bare" type="button" aria-label={`${words.revoke}: ${title}`} onClick={() => void revoke(gift)}>
                        {words.revoke}
                      </button>
                    </div>
                  )}
                </article>
              );
            })}
          {list.kind === "shown" && list.next && (
            <p className="pager">
              <button className="btn btn-line" type="button" onClick={() => void load({ items: list.items, token: list.next ?? "" })}>
                {page.more}
              </button>
            </p>
          )}
        </div>
      </main>
      {said && <Toast key={said}>{said}</Toast>}
    </Frame>
  );
}
