"use client";
import { useState } from "react";
import { Notice } from "@/components/notice";
import { signInAddress } from "@/components/session-links";
import type { Draft, DraftView } from "@/lib/writing/draft";
import { sayRefusal } from "@/lib/writing/draft-api";
import { writing } from "@/messages/writing";

const words = writing.notice;

/** What stands between the text and the server, above the page, with the way on. */
export function Notices({ draft, view, restored }: { draft: Draft; view: DraftView; restored: boolean }) {
  const { state, kept, article } = view;
  return (
    <div className="notices">
      {restored && state.kind !== "conflict" && <Restored />}
      {!kept && (
        <Notice title={words.notKept} text={words.notKeptText}>
          <CopyText draft={draft} />
        </Notice>
      )}
      {article?.scheduleProblem && <Notice danger title={writing.schedule.missed} text={`${article.scheduleProblem} ${writing.schedule.missedText}`} />}
      {state.kind === "signedOut" && (
        <Notice title={words.signedOut} text={words.signedOutText}>
          <button
            className="btn btn-main"
            type="button"
            onClick={() => void draft.keep().then(() => location.assign(signInAddress(article ? `/write/${article.id}` : "/write")))}
          >
            {words.signInAgain}
          </button>
          <CopyText draft={draft} />
        </Notice>
      )}
      {state.kind === "refused" && (
        <Notice danger title={words.refused} text={`${sayRefusal(state.refusal)} ${words.kept}`}>
          <CopyText draft={draft} />
        </Notice>
      )}
      {state.kind === "missing" && (
        <Notice danger title={words.missing} text={words.missingText}>
          <button className="btn btn-line" type="button" onClick={() => void draft.saveAsNew(crypto.randomUUID()).then((saved) => saved && followAddress(draft))}>
            {words.saveAsNew}
          </button>
          <CopyText draft={draft} />
        </Notice>
      )}
    </div>
  );
}

function followAddress(draft: Draft): void {
  const id = draft.view().article?.id;
  if (id) history.replaceState(null, "", `/write/${id}`);
}

function Restored() {
  const [shown, setShown] = useState(true);
  if (!shown) return null;
  return (
    <div className="restored" role="status">
      <p>{writing.desk.restored}</p>
      <button className="btn-text" type="button" onClick={() => setShown(false)}>
        {writing.pictures.dismiss}
      </button>
    </div>
  );
}

function CopyText({ draft }: { draft: Draft }) {
  const [copied, setCopied] = useState(false);
  return (
    <button className="btn btn-bare" type="button" onClick={() => void navigator.clipboard.writeText(draft.view().content.markdown).then(() => setCopied(true))}>
      {copied ? words.copied : words.copy}
    </button>
  );
}
