"use client";
import { useCallback, useState, type FormEvent } from "react";
import type { MyArticle, MyPublicationList, SubmissionList } from "@blog/api";
import { Question } from "@/components/dialog";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { getArticle, type Call } from "@/lib/browser";
import { listPublications, listSubmissions, submitStory, takeOut } from "@/lib/my-publications";
import { publications } from "@/messages/publications";
import { said, useLoaded } from "@/components/use-loaded";

const words = publications.submit;

interface Standing {
  article: MyArticle;
  list: MyPublicationList;
  submitted: SubmissionList;
}

async function standingOf(id: string): Promise<Call<Standing>> {
  const [article, list, submitted] = await Promise.all([getArticle(id), listPublications(), listSubmissions()]);
  if (article.kind !== "done") return article;
  if (list.kind !== "done") return list;
  return submitted.kind === "done" ? { kind: "done", value: { article: article.value, list: list.value, submitted: submitted.value } } : submitted;
}

/** How a story stands to publications: in one, waiting for one, or free to be offered. */
export function SubmitSection({ id }: { id: string }) {
  const { state, load } = useLoaded(useCallback(() => standingOf(id), [id]));
  const [problem, setProblem] = useState<string>();
  const [asked, setAsked] = useState(false);
  if (state.kind !== "shown") return null;
  const { article, list, submitted } = state.value;
  const waiting = submitted.items.find((each) => each.articleId === id && each.state === "waiting");
  const home = list.items.find(({ publication }) => publication.id === article.publicationId);
  const act = async <T,>(doing: Promise<Call<T>>) => {
    const answer = await doing;
    setProblem(said(answer, publications.unreachable)?.text);
    await load();
  };
  return (
    <section className="relations" aria-labelledby="publication">
      <h2 className="section-title" id="publication">
        {words.title}
      </h2>
      {problem && <Notice danger title={publications.problem} text={problem} />}
      {article.publicationId ? (
        <p className="row">
          <span>{words.in(home?.publication.name ?? words.title)}</span>
          <button className="btn btn-line" type="button" onClick={() => setAsked(true)}>
            {words.takeOut}
          </button>
        </p>
      ) : waiting ? (
        <p className="row">
          <span>{words.waiting(waiting.publication.name)}</span>
          <a className="link" href={`/me/submissions/${waiting.id}`}>
            {words.see}
          </a>
        </p>
      ) : list.items.length === 0 ? (
        <p className="meta">
          {words.none}{" "}
          <a className="link" href="/me/publications">
            {words.begin}
          </a>
        </p>
      ) : (
        <Offer list={list} send={(publication, note) => act(submitStory(id, publication, note))} />
      )}
      {asked && (
        <Question
          title={words.askTakeOut}
          text={words.askTakeOutText}
          yes={words.takeOut}
          no={words.keep}
          onYes={() => {
            setAsked(false);
            void act(takeOut(id));
          }}
          onNo={() => setAsked(false)}
        />
      )}
    </section>
  );
}

function Offer({ list, send }: { list: MyPublicationList; send: (publication: string, note: string) => Promise<void> }) {
  const [chosen, setChosen] = useState(list.items[0]?.publication.id ?? "");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    await send(chosen, note);
    setBusy(false);
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <p className="relations-text">{words.text}</p>
      <Field label={words.to}>
        {(attributes) => (
          <select {...attributes} className="input" value={chosen} onChange={(event) => setChosen(event.target.value)}>
            {list.items.map(({ publication }) => (
              <option key={publication.id} value={publication.id}>
                {publication.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words.note} hint={words.noteHint}>
        {(attributes) => <textarea {...attributes} className="input" rows={2} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />}
      </Field>
      <p className="row">
        <button className="btn btn-main" type="submit" disabled={busy}>
          {busy ? words.sending : words.send}
        </button>
      </p>
    </form>
  );
}
