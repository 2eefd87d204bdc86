"use client";
import { useState, type FormEvent } from "react";
import type { DraftComment, DraftLink } from "@blog/api";
import { Question } from "@/components/dialog";
import { Field } from "@/components/field";
import { said } from "@/components/use-loaded";
import { threadsOf, type Thread } from "@/lib/draft-comments";
import { answerComment, deleteComment, resolveComment } from "@/lib/my-reviews";
import { reviews } from "@/messages/reviews";
import { Quoted, Said } from "./comment";

const words = reviews.desk;

interface ThreadsProps {
  id: string;
  comments: readonly DraftComment[];
  links: readonly DraftLink[];
  now: number;
  onChange: () => Promise<void>;
  onSaid: (text: string) => void;
  onShow: (comment: DraftComment) => void;
}

/** What reviewers said, in the order of the draft; what is done is folded away. */
export function Threads({ comments, ...props }: ThreadsProps) {
  const [all, setAll] = useState(false);
  const threads = threadsOf(comments);
  const open = threads.filter(({ comment }) => !comment.resolvedAt);
  const done = threads.length - open.length;
  return (
    <section aria-labelledby="said">
      <h2 className="section-title" id="said">
        {open.length > 0 ? words.count(open.length) : words.comments}
      </h2>
      {threads.length === 0 && (
        <div className="empty">
          <h3 className="empty-title">{words.none}</h3>
          <p>{words.noneText}</p>
        </div>
      )}
      <ol className="draft-threads">
        {(all ? threads : open).map((thread) => (
          <OwnThread key={thread.comment.id} thread={thread} {...props} />
        ))}
      </ol>
      {done > 0 && !all && (
        <p className="row">
          <button className="btn btn-bare" type="button" onClick={() => setAll(true)}>
            {words.showResolved(done)}
          </button>
        </p>
      )}
    </section>
  );
}

function OwnThread({ id, thread: { comment, answers }, links, now, onChange, onSaid, onShow }: Omit<ThreadsProps, "comments"> & { thread: Thread }) {
  const [answering, setAnswering] = useState(false);
  const [asking, setAsking] = useState(false);
  const link = links.find((each) => each.id === comment.linkId);
  const act = async (action: Promise<{ kind: string }>, done?: string) => {
    const answer = await action;
    if (answer.kind !== "done" && answer.kind !== "missing") onSaid(words.unreachable);
    else if (done) onSaid(done);
    await onChange();
  };
  return (
    <li className="draft-thread" id={`comment-${comment.id}`}>
      {comment.resolvedAt && <p className="meta draft-done">{reviews.resolved}</p>}
      <Quoted comment={comment} />
      <Said comment={comment} now={now} via={link && words.via(link.name)} />
      {answers.length > 0 && (
        <ol className="draft-answers">
          {answers.map((answer) => (
            <li key={answer.id}>
              <Said comment={answer} now={now} />
            </li>
          ))}
        </ol>
      )}
      {answering ? (
        <Answer
          id={id}
          commentId={comment.id}
          onSent={() => {
            setAnswering(false);
            void onChange();
          }}
          onCancel={() => setAnswering(false)}
        />
      ) : (
        <p className="row">
          <button className="btn btn-bare" type="button" onClick={() => setAnswering(true)}>
            {words.answer}
          </button>
          <button className="btn btn-bare" type="button" onClick={() => void act(resolveComment(id, comment.id, !comment.resolvedAt))}>
            {comment.resolvedAt ? words.reopen : words.resolve}
          </button>
          {comment.passage && comment.place !== "detached" && (
            <button className="btn btn-bare" type="button" onClick={() => onShow(comment)}>
              {words.show}
            </button>
          )}
          <button className="btn btn-bare" type="button" onClick={() => setAsking(true)}>
            {words.remove}
          </button>
        </p>
      )}
      {asking && (
        <Question
          title={words.askRemove}
          text={words.askRemoveText}
          yes={words.remove}
          no={words.keep}
          onYes={() => {
            setAsking(false);
            void act(deleteComment(id, comment.id), words.removed);
          }}
          onNo={() => setAsking(false)}
        />
      )}
    </li>
  );
}

function Answer({ id, commentId, onSent, onCancel }: { id: string; commentId: string; onSent: () => void; onCancel: () => void }) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await answerComment(id, commentId, text);
    setBusy(false);
    if (answer.kind === "done") return onSent();
    const refused = said(answer, words.unreachable);
    setError(refused?.fields.text ?? refused?.text);
  };
  return (
    <form className="draft-composer" noValidate onSubmit={(event) => void submit(event)}>
      <Field label={words.yourAnswer} error={error}>
        {(attributes) => <textarea {...attributes} className="input" rows={3} maxLength={5000} value={text} onChange={(event) => setText(event.target.value)} autoFocus />}
      </Field>
      <p className="row">
        <button className="btn btn-main" type="submit" disabled={busy}>
          {busy ? words.sending : words.send}
        </button>
        <button className="btn btn-bare" type="button" onClick={onCancel}>
          {words.cancel}
        </button>
      </p>
    </form>
  );
}
