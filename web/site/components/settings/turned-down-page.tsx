"use client";
import type { TurnedDownItem } from "@blog/api";
import { Avatar } from "@/components/people";
import { Icon } from "@/components/icons";
import { listTurnedDown, setTurnedDown } from "@/lib/for-you";
import { turnedDown as words } from "@/messages/for-you";
import { Empty, List, RelationsPage, Toggle } from "./lists";

export function TurnedDownPage() {
  return (
    <RelationsPage place="turnedDown" path="/settings/turned-down" words={words}>
      {(onSignedOut) => (
        <List
          title={words.list}
          text={words.text}
          load={listTurnedDown}
          onSignedOut={onSignedOut}
          keyOf={({ kind, id }) => `${kind} ${id}`}
          empty={
            <Empty title={words.none} text={words.noneText}>
              <a className="btn btn-line" href="/for-you">
                {words.forYou}
              </a>
            </Empty>
          }
          row={(item) => <Row item={item} />}
        />
      )}
    </RelationsPage>
  );
}

function Row({ item: { kind, id, name, url, by, avatarUrl } }: { item: TurnedDownItem }) {
  const shown = name ?? words.gone[kind];
  return (
    <>
      {kind === "people" ? (
        <Avatar person={{ name: shown, avatarUrl }} />
      ) : (
        <span className="avatar" aria-hidden="true">
          {kind === "topics" ? "#" : <Icon name="less" small />}
        </span>
      )}
      <div>
        {url ? (
          <a className="who" href={url}>
            <bdi>{shown}</bdi>
          </a>
        ) : (
          <span className="who">{shown}</span>
        )}
        <p className="meta">
          {words.what[kind]}
          {by && (
            <>
              {" · "}
              <bdi>{by}</bdi>
            </>
          )}
        </p>
      </div>
      <Toggle name={shown} change={(down) => setTurnedDown(kind, id, down)} on={words.undo} off={words.again} verbs />
    </>
  );
}
