"use client";
import { useCallback, useState } from "react";
import type { SubmissionPage as Page } from "@blog/api";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { Avatar } from "@/components/people";
import { answerSubmission, getSubmission, withdrawSubmission } from "@/lib/my-publications";
import { publications } from "@/messages/publications";
import { go } from "./go";
import { Shell } from "./shell";
import { said, useLoaded } from "@/components/use-loaded";

const words = publications.submission;

/** One story offered to a publication: its editors read and answer it, its author sees how it stands. */
export function SubmissionPage({ id }: { id: string }) {
  const loaded = useLoaded(useCallback(() => getSubmission(id), [id]));
  return (
    <Shell {...loaded} path={`/me/submissions/${id}`} signIn={words.signIn} missing={{ title: words.missing, text: words.missingText }}>
      {(page) => (
        <>
          <header className="page-head">
            <p className="meta">
              <a className="link" href={page.canAnswer ? `/me/publications/${page.submission.publication.id}` : page.submission.publication.url}>
                {words.to(page.submission.publication.name)}
              </a>
              <span className="dot">{words.states[page.submission.state]}</span>
            </p>
            <h1 className="page-title" dir="auto">
              {page.submission.title}
            </h1>
            {page.description && (
              <p className="standfirst" dir="auto">
                {page.description}
              </p>
            )}
            <div className="byline">
              <Avatar person={page.submission.by} size="s" />
              <a className="who" href={`/@${page.submission.by.handle}`}>
                {page.submission.by.name}
              </a>
              <span className="meta">{words.words(page.submission.wordCount)}</span>
            </div>
          </header>
          {page.submission.note && <Said title={words.note} text={page.submission.note} />}
          {page.submission.answeredBy && page.submission.feedback && <Said title={words.feedback(page.submission.answeredBy.name)} text={page.submission.feedback} />}
          {page.canAnswer ? <Answer page={page} onDone={loaded.load} /> : <Mine page={page} onDone={loaded.load} />}
          <section className="relations" aria-labelledby="story">
            <h2 className="section-title" id="story">
              {words.story}
            </h2>
            <div className="prose submitted" dir="auto" dangerouslySetInnerHTML={{ __html: page.html }} />
          </section>
        </>
      )}
    </Shell>
  );
}

function Said({ title, text }: { title: string; text: string }) {
  return (
    <section className="said-to">
      <h2 className="label">{title}</h2>
      <p dir="auto">{text}</p>
    </section>
  );
}

function Answer({ page: { submission, revision }, onDone }: { page: Page; onDone: () => Promise<void> }) {
  const [feedback, setFeedback] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ text: string; fields: Record<string, string> }>();
  const answer = async (verdict: "accept" | "publish" | "send_back") => {
    setBusy(true);
    const result = await answerSubmission(submission.id, verdict, revision, feedback);
    setBusy(false);
    setProblem(said(result, publications.unreachable));
    if (result.kind !== "done") return;
    go(`/me/publications/${submission.publication.id}`);
  };
  return (
    <section className="relations" aria-labelledby="answer">
      <h2 className="section-title" id="answer">
        {words.answer}
      </h2>
      {problem && !problem.fields.feedback && (
        <Notice danger title={publications.problem} text={problem.text}>
          <button className="btn btn-line" type="button" onClick={() => void onDone().then(() => setProblem(undefined))}>
            {publications.again}
          </button>
        </Notice>
      )}
      <div className="stack">
        <Field label={words.feedbackField} hint={words.feedbackHint} error={problem?.fields.feedback}>
          {(attributes) => <textarea {...attributes} className="input" rows={4} maxLength={5000} value={feedback} onChange={(event) => setFeedback(event.target.value)} />}
        </Field>
        <p className="row">
          <button className="btn btn-main" type="button" disabled={busy} onClick={() => void answer("publish")}>
            {words.publish}
          </button>
          <button className="btn btn-line" type="button" disabled={busy} onClick={() => void answer("accept")}>
            {words.accept}
          </button>
          <button className="btn btn-line" type="button" disabled={busy} onClick={() => void answer("send_back")}>
            {words.sendBack}
          </button>
        </p>
        <p className="meta">{words.acceptHint}</p>
      </div>
    </section>
  );
}

function Mine({ page: { submission }, onDone }: { page: Page; onDone: () => Promise<void> }) {
  const [problem, setProblem] = useState<string>();
  const withdraw = async () => {
    const answer = await withdrawSubmission(submission.id);
    setProblem(said(answer, publications.unreachable)?.text);
    await onDone();
  };
  return (
    <div className="relations">
      {problem && <Notice danger title={publications.problem} text={problem} />}
      <p className="row">
        <a className="btn btn-main" href={`/write/${submission.articleId}`}>
          {words.open}
        </a>
        {submission.state === "waiting" && (
          <button className="btn btn-line" type="button" onClick={() => void withdraw()}>
            {words.withdraw}
          </button>
        )}
      </p>
    </div>
  );
}
