"use client";
import { useCallback, useState } from "react";
import type { MyReadingList } from "@blog/api";
import { Frame } from "@/components/frame";
import { Failed } from "@/components/notice";
import { ErrorScreen } from "@/components/screen";
import { SignInCard } from "@/components/writing/gate";
import { deleteList, restoreList } from "@/lib/my-lists";
import { lists } from "@/messages/lists";
import { Waiting } from "./library";
import { ListForm } from "./list-form";
import { ListItems, NoItems } from "./list-items";
import { useSaid } from "./said";
import { useList } from "./use-list";

const words = lists.list;

/** One list, as its owner sees it. */
export function ListPage({ id }: { id: string }) {
  const { say, toast } = useSaid();
  const find = useCallback(() => Promise.resolve(id), [id]);
  const { state, load, keep, ...actions } = useList(find, say);
  const [editing, setEditing] = useState(false);
  const [deleted, setDeleted] = useState<MyReadingList>();
  const path = `/me/lists/${id}`;

  const remove = async (list: MyReadingList) => {
    setEditing(false);
    setDeleted(list);
    const answer = await deleteList(list.id);
    if (answer.kind === "done" || answer.kind === "missing") return;
    setDeleted(undefined);
    say(words.failed);
  };
  const restore = async (list: MyReadingList) => {
    const answer = await restoreList(list.id);
    if (answer.kind !== "done") return say(answer.kind === "conflict" ? answer.refusal.detail : words.failed);
    setDeleted(undefined);
    say(lists.form.restored(list.name));
    await load();
  };

  return (
    <Frame path={path} place="library">
      <main id="main" className="frame" tabIndex={-1}>
        {state.kind === "signedOut" ? (
          <SignInCard title={lists.library.signIn} text={lists.library.signInText} path={path} />
        ) : state.kind === "missing" ? (
          <ErrorScreen title={words.missing} text={words.missingText} to={{ href: "/me/lists", label: words.toLists }} />
        ) : deleted ? (
          <div className="column page-head">
            <h1 className="page-title">{lists.form.removed(deleted.name)}</h1>
            <p className="row gate" role="status">
              <button className="btn btn-main" type="button" onClick={() => void restore(deleted)} autoFocus>
                {lists.form.undo}
              </button>
              <a className="btn btn-line" href="/me/lists">
                {words.toLists}
              </a>
            </p>
          </div>
        ) : (
          <div className="column">
            <header className="page-head">
              <p className="meta">
                <a className="link" href="/me/lists">
                  {words.toLists}
                </a>
              </p>
              <h1 className="page-title">{state.kind === "shown" ? state.list.name : lists.library.title}</h1>
              {state.kind === "shown" && state.list.description && <p className="standfirst list-about">{state.list.description}</p>}
            </header>
            {state.kind === "loading" && <Waiting />}
            {state.kind === "failed" && <Failed words={lists.library} onAgain={() => void load()} />}
            {state.kind === "shown" && (
              <>
                <div className="list-tools ruled">
                  <p className="meta">
                    {lists.stories(state.list.itemCount)}
                    <span className="dot">{lists.visibility[state.list.visibility]}</span>
                    {state.list.visibility === "public" && state.list.url && (
                      <span className="dot">
                        <a className="link" href={state.list.url}>
                          {words.page}
                        </a>
                      </span>
                    )}
                  </p>
                  <button className="btn btn-line" type="button" onClick={() => setEditing(true)}>
                    {words.edit}
                  </button>
                </div>
                {state.items.length === 0 ? <NoItems /> : <ListItems shown={state} load={load} {...actions} />}
                {editing && (
                  <ListForm
                    list={state.list}
                    onClose={() => setEditing(false)}
                    onChanged={keep}
                    onDelete={() => void remove(state.list)}
                  />
                )}
              </>
            )}
          </div>
        )}
      </main>
      {toast}
    </Frame>
  );
}
