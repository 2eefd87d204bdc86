"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import type { MyReadingList } from "@blog/api";
import { Icon } from "@/components/icons";
import { When } from "@/components/when";
import { listLists } from "@/lib/my-lists";
import { lists } from "@/messages/lists";
import { Library } from "./library";
import { ListForm } from "./list-form";

const words = lists.library;

type Listed = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | { kind: "shown"; items: readonly MyReadingList[]; next: string | null; at: number };

/** All of somebody's lists. */
export function ListsPage() {
  const router = useRouter();
  const [listed, setListed] = useState<Listed>({ kind: "loading" });
  const [making, setMaking] = useState(false);

  const load = useCallback(async (after?: { items: readonly MyReadingList[]; token: string }) => {
    const answer = await listLists(after?.token);
    if (answer.kind === "done") setListed({ kind: "shown", items: [...(after?.items ?? []), ...answer.value.items], next: answer.value.nextPageToken, at: Date.now() });
    else setListed({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
  }, []);

  useEffect(() => {
    // The lists belong to whoever is signed in, so they come after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void load();
  }, [load]);

  return (
    <Library tab="lists" state={listed.kind} onAgain={() => void load()}>
      {listed.kind === "shown" && (
        <>
          <div className="list-tools">
            <p className="meta">{listed.items.length === 1 ? "1 list" : `${listed.items.length}${listed.next ? "+" : ""} lists`}</p>
            <button className="btn btn-line" type="button" onClick={() => setMaking(true)}>
              {words.newList}
            </button>
          </div>
          {listed.items.map((list) => (
            <article className="list-row" key={list.id}>
              <h2>
                <a href={list.isDefault ? "/me/saved" : `/me/lists/${list.id}`}>{list.name}</a>
              </h2>
              {list.description && <p className="story-dek">{list.description}</p>}
              <p className="meta">
                {lists.stories(list.itemCount)}
                <span className="dot">
                  <Icon name={list.visibility === "private" ? "person" : list.visibility === "link" ? "link" : "eye"} small className="inline-icon" />
                  {lists.visibility[list.visibility]}
                </span>
                <span className="dot">
                  {words.updated} <When instant={list.updatedAt} now={listed.at} />
                </span>
              </p>
            </article>
          ))}
          {listed.next && (
            <p className="pager">
              <button className="btn btn-line" type="button" onClick={() => void load({ items: listed.items, token: listed.next ?? "" })}>
                {words.more}
              </button>
            </p>
          )}
          {making && (
            <ListForm
              onClose={() => setMaking(false)}
              onChanged={(list) => {
                router.push(`/me/lists/${list.id}`);
              }}
            />
          )}
        </>
      )}
    </Library>
  );
}
