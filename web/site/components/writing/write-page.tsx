"use client";
import { useEffect, useState } from "react";
import { ErrorScreen } from "@/components/screen";
import { draftApi, getArticle, getUser } from "@/lib/browser";
import { browserClock } from "@/lib/clock";
import { Draft } from "@/lib/writing/draft";
import { leftBehind, openJournal, type Journal, type JournalEntry } from "@/lib/writing/journal";
import { takeIn } from "@/lib/writing/left-behind";
import { holdLock, openLocks } from "@/lib/writing/locks";
import { writing } from "@/messages/writing";
import { Desk } from "./desk";
import { SignInCard } from "./gate";
import { Top } from "@/components/frame";

type Opened = { kind: "draft"; draft: Draft; restored: boolean } | { kind: "signedOut" } | { kind: "missing" } | { kind: "unreachable" };

/** Opens a draft: what the server has, and over it what this device kept when an earlier window closed too soon. */
async function open(articleId: string | null, journal: Journal, key: string): Promise<Opened> {
  const [user, article, entries, locks] = await Promise.all([
    getUser(),
    articleId ? getArticle(articleId) : undefined,
    journal.all().catch((): JournalEntry[] => []),
    openLocks(),
  ]);
  if (user.kind === "signedOut" || article?.kind === "signedOut") return { kind: "signedOut" };
  const owner = user.kind === "done" ? user.value.id : null;
  const { newest, older } = leftBehind(entries, articleId, owner, locks);
  if (!newest && articleId && article?.kind !== "done") return { kind: article?.kind === "unreachable" ? "unreachable" : "missing" };
  if (!newest && owner === null) return { kind: "unreachable" };

  const draft = new Draft({
    key,
    owner: owner ?? newest?.owner ?? "",
    api: draftApi,
    journal,
    clock: browserClock,
    idempotencyKey: newest?.idempotencyKey ?? crypto.randomUUID(),
    newKey: () => crypto.randomUUID(),
    tooLong: (bytes) => ({ detail: writing.notice.tooLong(bytes), fields: {} }),
  });
  const server = article?.kind === "done" ? article.value : null;
  if (newest) await takeIn(draft, { newest, older }, server, journal, holdLock);
  else if (server) draft.load(server);
  return { kind: "draft", draft, restored: draft.dirty };
}

export function WritePage({ id }: { id: string | null }) {
  const [opened, setOpened] = useState<Opened>();

  useEffect(() => {
    let current = true;
    let draft: Draft | undefined;
    const key = crypto.randomUUID();
    const release = holdLock(key);
    void open(id, openJournal(indexedDB), key).then((result) => {
      if (result.kind === "draft") draft = result.draft;
      if (current) setOpened(result);
      else draft?.dispose();
    });
    return () => {
      current = false;
      draft?.dispose();
      release();
    };
  }, [id]);

  const path = id ? `/write/${id}` : "/write";
  if (opened?.kind === "draft") return <Desk draft={opened.draft} restored={opened.restored} />;
  return (
    <>
      <Top path={path} withoutSearch />
      <main id="main" className="frame" tabIndex={-1}>
        {!opened && <DeskSkeleton />}
        {opened?.kind === "signedOut" && <SignInCard title={writing.signIn.write} text={writing.signIn.writeText} path={path} />}
        {opened?.kind === "missing" && <ErrorScreen title={writing.wrong.missing} text={writing.wrong.missingText} />}
        {opened?.kind === "unreachable" && <ErrorScreen title={writing.wrong.unreachable} text={writing.wrong.unreachableText} again />}
      </main>
    </>
  );
}

function DeskSkeleton() {
  return (
    <div className="column desk-skeleton" aria-busy="true" role="group" aria-label={writing.desk.loading}>
      <span className="skel w-8 h-title" />
      <span className="skel w-6 h-d" />
      <span className="skel w-10 h-d" />
      <span className="skel w-10 h-d" />
      <span className="skel w-9 h-d" />
    </div>
  );
}
