"use client";
import { useCallback, useEffect, useState } from "react";
import type { Author } from "@blog/api";
import { Question, Toast } from "@/components/dialog";
import { Frame } from "@/components/frame";
import { Failed, Notice } from "@/components/notice";
import { Avatar } from "@/components/people";
import { SignInPage } from "@/components/writing/gate";
import { getArticle, getUser } from "@/lib/browser";
import { inviteAuthor, listAuthors, removeAuthor, withdrawInvitation } from "@/lib/my-authors";
import { together } from "@/messages/together";
import { go } from "./go";
import { InviteForm } from "./invite-form";
import { PeopleSkeleton } from "./skeleton";
import { SubmitSection } from "./submit-section";
import { said, useLoaded } from "@/components/use-loaded";

const words = together.authors;

/** Who writes a story, and who was asked to. */
export function AuthorsPage({ id }: { id: string }) {
  const { state, load } = useLoaded(useCallback(() => listAuthors(id), [id]));
  const [me, setMe] = useState<string>();
  const [title, setTitle] = useState("");
  const [asked, setAsked] = useState<Author>();
  const [toast, setToast] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const path = `/write/${id}/authors`;

  useEffect(() => {
    void getUser().then((answer) => answer.kind === "done" && setMe(answer.value.id));
    void getArticle(id).then((answer) => answer.kind === "done" && setTitle(answer.value.content.title));
  }, [id]);

  const remove = async (author: Author) => {
    setAsked(undefined);
    const answer = await removeAuthor(id, author.id);
    setProblem(said(answer, words.unreachable)?.text);
    if (answer.kind !== "done") return;
    if (author.id === me) return go("/me/stories");
    setToast(words.removed(author.name));
    await load();
  };

  const withdraw = async (invitation: string, name: string) => {
    const answer = await withdrawInvitation(id, invitation);
    setProblem(said(answer, words.unreachable)?.text);
    if (answer.kind === "done") setToast(words.withdrawn(name));
    await load();
  };

  if (state.kind === "signedOut") return <SignInPage title={words.signIn} path={path} />;

  const authors = state.kind === "shown" ? state.value.authors : [];
  const isFirst = authors[0]?.id === me;
  return (
    <Frame path={path}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <p className="meta">
              <a className="link" href={`/write/${id}`}>
                {words.back}
              </a>
            </p>
            <h1 className="page-title" dir="auto">
              {title ? words.of(title) : words.title}
            </h1>
            <p className="standfirst">{words.standfirst}</p>
          </header>
          {problem && <Notice danger title={words.problem} text={problem} />}
          {state.kind === "loading" && <PeopleSkeleton label={words.loading} />}
          {state.kind === "failed" && <Failed words={words} onAgain={() => void load()} />}
          {state.kind === "missing" && (
            <div className="empty">
              <h2 className="empty-title">{words.missing}</h2>
              <p>{words.missingText}</p>
            </div>
          )}
          {state.kind === "shown" && (
            <>
              <section className="relations" aria-labelledby="byline">
                <h2 className="section-title" id="byline">
                  {words.list}
                </h2>
                <ul className="people">
                  {authors.map((author, at) => (
                    <li className="person" key={author.id}>
                      <Avatar person={author} />
                      <div>
                        <a className="who" href={`/@${author.handle}`}>
                          {author.name}
                        </a>
                        <p className="meta">{[`@${author.handle}`, ...(at === 0 ? [words.first] : []), ...(author.id === me ? [words.you] : [])].join(" · ")}</p>
                      </div>
                      {authors.length > 1 && (isFirst || author.id === me) && (
                        <button className="btn btn-line" type="button" aria-label={author.id === me ? undefined : `${words.remove}: ${author.name}`} onClick={() => setAsked(author)}>
                          {author.id === me ? words.leave : words.remove}
                        </button>
                      )}
                    </li>
                  ))}
                </ul>
              </section>
              {state.value.invited.length > 0 && (
                <section className="relations" aria-labelledby="asked">
                  <h2 className="section-title" id="asked">
                    {words.waiting}
                  </h2>
                  <ul className="people">
                    {state.value.invited.map(({ id: invitation, person }) => (
                      <li className="person" key={invitation}>
                        <Avatar person={person} />
                        <div>
                          <a className="who" href={`/@${person.handle}`}>
                            {person.name}
                          </a>
                          <p className="meta">@{person.handle}</p>
                        </div>
                        <button className="btn btn-line" type="button" aria-label={`${words.withdraw}: ${person.name}`} onClick={() => void withdraw(invitation, person.name)}>
                          {words.withdraw}
                        </button>
                      </li>
                    ))}
                  </ul>
                </section>
              )}
              <SubmitSection id={id} />
              <InviteForm
                title={words.invite}
                unreachable={words.unreachable}
                send={(handle) => inviteAuthor(id, handle)}
                onSent={(name) => {
                  setToast(words.sent(name));
                  void load();
                }}
              />
            </>
          )}
        </div>
      </main>
      {asked && (
        <Question
          title={asked.id === me ? words.askLeave : words.askRemove(asked.name)}
          text={asked.id !== me ? words.askRemoveText : isFirst && authors[1] ? words.askLeaveFirst(authors[1].name) : words.askLeaveText}
          yes={asked.id === me ? words.leave : words.remove}
          no={words.keep}
          onYes={() => void remove(asked)}
          onNo={() => setAsked(undefined)}
        />
      )}
      {toast && <Toast key={toast}>{toast}</Toast>}
    </Frame>
  );
}
