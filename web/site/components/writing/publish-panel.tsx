"use client";
import dynamic from "next/dynamic";
import { useEffect, useRef, useState } from "react";
import { Field } from "@/components/field";
import { Icon } from "@/components/icons";
import { Notice } from "@/components/notice";
import { ChooseSeries } from "@/components/series/choose-series";
import { LanguageField } from "@/components/translations/language-field";
import { sourceOf, pictureTypes } from "@/lib/pictures";
import type { Finding } from "@/lib/writing/checklist";
import type { Draft, DraftView } from "@/lib/writing/draft";
import { sayRefusal, type Outcome } from "@/lib/writing/draft-api";
import { writing } from "@/messages/writing";
import { Schedule } from "./schedule";
import { Topics } from "./topics";
import { UploadList } from "./uploads";
import { useUploads } from "./use-uploads";

const words = writing.panel;

const Checklist = dynamic(() => import("./checklist").then((module) => module.Checklist), { ssr: false, loading: () => <p className="state">{writing.checklist.looking}</p> });

type Problem = { text: string; fields: Record<string, string> };

function problemOf(outcome: Outcome): Problem | undefined {
  switch (outcome.kind) {
    case "done":
      return undefined;
    case "refused":
      return { text: sayRefusal(outcome.refusal), fields: outcome.refusal.fields };
    case "signedOut":
      return { text: writing.notice.signedOutText, fields: {} };
    case "conflict":
      return { text: words.conflict, fields: {} };
    case "missing":
      return { text: writing.notice.missingText, fields: {} };
    case "unreachable":
      return { text: words.unreachable, fields: {} };
  }
}

interface PublishPanelProps {
  draft: Draft;
  view: DraftView;
  onClose: () => void;
  /** Closes the panel and leads to a place in the story. */
  onJump: (finding: Finding) => void;
}

/** The last look before readers get it. */
export function PublishPanel({ draft, view: { content, article }, onClose, onJump }: PublishPanelProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const published = article?.status === "published";
  const current = published && !article.hasUnpublishedChanges && !draft.dirty;

  useEffect(() => dialog.current?.showModal(), []);

  const act = async (action: () => Promise<Outcome>, then?: (outcome: Extract<Outcome, { kind: "done" }>) => void): Promise<boolean> => {
    setBusy(true);
    setProblem(undefined);
    const outcome = await action();
    setBusy(false);
    setProblem(problemOf(outcome));
    if (outcome.kind === "done") then?.(outcome);
    return outcome.kind === "done";
  };

  const choose = (finding: Finding) => {
    if (finding.kind === "cover" || finding.kind === "coverAlt") dialog.current?.querySelector<HTMLElement>(`[data-for=${finding.kind}]`)?.focus();
    else onJump(finding);
  };

  const fields = problem?.fields ?? {};
  return (
    <dialog className="publish" ref={dialog} aria-labelledby="pub" onClose={onClose}>
      <div className="ends">
        <h2 id="pub">{published ? words.titlePublished : words.title}</h2>
        <button className="btn btn-icon" type="button" aria-label={words.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {problem && !problem.fields.scheduleTime && <Notice danger title={words.problem} text={problem.text} />}
      <Card draft={draft} content={content} />
      <Checklist content={content} onChoose={choose} />
      <Topics articleId={article?.id} topics={content.topics} error={fields.topics} onChange={(topics) => draft.change({ topics })} />
      {article && <ChooseSeries articleId={article.id} chosen={article.seriesId} />}
      <details className="fold" open={Boolean(fields.slug || fields.canonicalUrl || fields.language) || undefined}>
        <summary>{words.more}</summary>
        <div className="stack">
          <Field label={words.slug} hint={words.slugHint} error={fields.slug}>
            {(attributes) => <input {...attributes} className="input" value={content.slug} onChange={(event) => draft.change({ slug: event.target.value })} />}
          </Field>
          <LanguageField label={words.language} hint={words.languageHint} error={fields.language} value={content.language} onChange={(language) => draft.change({ language })} />
          <Field label={words.canonical} hint={words.canonicalHint} error={fields.canonicalUrl}>
            {(attributes) => (
              <input {...attributes} className="input" type="url" value={content.canonicalUrl} onChange={(event) => draft.change({ canonicalUrl: event.target.value })} />
            )}
          </Field>
        </div>
      </details>
      {!published && (
        <Schedule
          at={article?.scheduledFor ?? null}
          missed={article?.scheduleProblem ?? null}
          error={fields.scheduleTime}
          busy={busy}
          onChoose={(at) => act(() => draft.schedule(at))}
        />
      )}
      {article && (
        <div className="row">
          <a className="btn btn-line" href={`/write/${article.id}/authors`}>
            {article.authorIds.length > 1 ? words.authors(article.authorIds.length) : words.coAuthors}
          </a>
          <a className="btn btn-line" href={`/write/${article.id}/translations`}>
            {article.translationGroupId ? words.translations : words.translate}
          </a>
          <a className="btn btn-line" href={`/write/${article.id}/review`}>
            {words.review}
          </a>
        </div>
      )}
      <div className="publish-foot">
        {current ? (
          <p className="state">
            <Icon name="check" small />
            {words.upToDate}
          </p>
        ) : (
          <button className="btn btn-main btn-wide" type="button" disabled={busy} onClick={() => void act(() => draft.publish(), ({ article: { url } }) => url && location.assign(url))}>
            {busy ? words.publishing : published ? writing.desk.publishChanges : words.publishNow}
          </button>
        )}
        {published && article.url && (
          <a className="btn btn-line btn-wide" href={article.url}>
            {words.read}
          </a>
        )}
        {published && (
          <button className="btn btn-bare btn-wide" type="button" disabled={busy} onClick={() => void act(() => draft.unpublish(), onClose)}>
            {words.unpublish}
          </button>
        )}
      </div>
    </dialog>
  );
}

/** The story as a feed shows it, with its cover. */
function Card({ draft, content }: { draft: Draft; content: DraftView["content"] }) {
  const chooser = useRef<HTMLInputElement>(null);
  const { uploads, start, remove } = useUploads();
  const { coverMediaId } = content;
  const choose = (file: File | undefined) => file && start(file, { done: ({ id }) => draft.change({ coverMediaId: id }) });
  return (
    <>
      <div className="card">
        {coverMediaId && (
          <div className="picture">
            <img src={sourceOf(`/media/${coverMediaId}`, 640, 640).src} alt={content.coverAlt} />
          </div>
        )}
        <div className="card-text">
          <b>{content.title || writing.stories.untitled}</b>
          {content.description && <p>{content.description}</p>}
          <span className="meta">{words.card}</span>
        </div>
      </div>
      <UploadList uploads={uploads} onDismiss={({ number }) => remove(number)} />
      <div className="row" role="group" aria-label={words.cover}>
        <button className="btn btn-line" type="button" data-for="cover" onClick={() => chooser.current?.click()}>
          <Icon name="picture" small />
          {coverMediaId ? words.changeCover : words.chooseCover}
        </button>
        {coverMediaId && (
          <button className="btn btn-bare" type="button" onClick={() => draft.change({ coverMediaId: "", coverAlt: "" })}>
            {words.removeCover}
          </button>
        )}
        <input
          ref={chooser}
          type="file"
          accept={pictureTypes}
          hidden
          aria-label={words.chooseCover}
          onChange={(event) => {
            choose(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      {coverMediaId && (
        <Field label={words.coverAlt} hint={words.coverAltHint}>
          {(attributes) => (
            <textarea {...attributes} data-for="coverAlt" className="input" rows={2} value={content.coverAlt} onChange={(event) => draft.change({ coverAlt: event.target.value })} />
          )}
        </Field>
      )}
    </>
  );
}
