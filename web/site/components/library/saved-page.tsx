"use client";
import { useState } from "react";
import { listLists } from "@/lib/my-lists";
import { lists } from "@/messages/lists";
import { Library } from "./library";
import { ListForm } from "./list-form";
import { ListItems, NoItems } from "./list-items";
import { useSaid } from "./said";
import { useList } from "./use-list";

/** The Reading list is the first of all. */
const findReadingList = async () => {
  const answer = await listLists();
  if (answer.kind === "done") return answer.value.items[0]?.id ?? "failed";
  return answer.kind === "signedOut" ? "signedOut" : "failed";
};

/** What was saved: the Reading list that everybody has. */
export function SavedPage() {
  const { say, toast } = useSaid();
  const { state, load, keep, ...actions } = useList(findReadingList, say);
  const [editing, setEditing] = useState(false);
  return (
    <Library tab="saved" state={state.kind === "missing" ? "failed" : state.kind} onAgain={() => void load()}>
      {state.kind === "shown" && (
        <>
          <div className="list-tools">
            <p className="meta">
              {lists.stories(state.list.itemCount)}
              <span className="dot">{lists.visibility[state.list.visibility]}</span>
            </p>
            <button className="btn btn-line" type="button" onClick={() => setEditing(true)}>
              {lists.list.edit}
            </button>
          </div>
          {state.items.length === 0 ? <NoItems /> : <ListItems shown={state} load={load} {...actions} />}
          {editing && (
            <ListForm
              list={state.list}
              onClose={() => setEditing(false)}
              onChanged={keep}
            />
          )}
        </>
      )}
      {toast}
    </Library>
  );
}
