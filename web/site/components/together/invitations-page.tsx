"use client";
import { useState } from "react";
import type { MyInvitation } from "@blog/api";
import { Frame } from "@/components/frame";
import { Failed } from "@/components/notice";
import { Avatar } from "@/components/people";
import { When } from "@/components/when";
import { SignInPage } from "@/components/writing/gate";
import { acceptInvitation, declineInvitation, listInvitations } from "@/lib/my-authors";
import { publications } from "@/messages/publications";
import { together } from "@/messages/together";
import { PeopleSkeleton } from "./skeleton";
import { useLoaded } from "@/components/use-loaded";

const words = together.invitations;
const path = "/me/invitations";

/** What others ask of the reader, to be answered with one press. */
export function InvitationsPage() {
  const { state, load } = useLoaded(listInvitations);
  const [now] = useState(() => Date.now());
  const [answered, setAnswered] = useState<{ text: string; href?: string }>();

  const answer = async (invitation: MyInvitation, accept: boolean) => {
    const result = await (accept ? acceptInvitation : declineInvitation)(invitation.id);
    if (result.kind !== "done") setAnswered({ text: result.kind === "missing" || result.kind === "conflict" ? words.gone : words.failedText });
    else if (accept) setAnswered({ text: (invitation.articleId ? words.accepted : words.joined)(invitation.title || words.untitled), href: invitation.articleId ? `/write/${invitation.articleId}` : `/me/publications/${invitation.publication?.id ?? ""}` });
    else setAnswered({ text: words.declined });
    await load();
  };

  if (state.kind === "signedOut") return <SignInPage title={words.signIn} path={path} />;

  return (
    <Frame path={path}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <h1 className="page-title">{words.title}</h1>
            <p className="standfirst">{words.standfirst}</p>
          </header>
          <div role="status">
            {answered && (
              <p className="answered">
                {answered.text}{" "}
                {answered.href && (
                  <a className="link" href={answered.href}>
                    {words.open}
                  </a>
                )}
              </p>
            )}
          </div>
          {state.kind === "loading" && <PeopleSkeleton label={words.loading} />}
          {(state.kind === "failed" || state.kind === "missing") && <Failed words={words} onAgain={() => void load()} />}
          {state.kind === "shown" && state.value.items.length === 0 && (
            <div className="empty">
              <h2 className="empty-title">{words.empty}</h2>
              <p>{words.emptyText}</p>
            </div>
          )}
          {state.kind === "shown" && state.value.items.length > 0 && (
            <ul className="people">
              {state.value.items.map((invitation) => (
                <li className="person invitation" key={invitation.id}>
                  <Avatar person={invitation.by} />
                  <div>
                    <h2 className="invitation-title" id={`invitation-${invitation.id}`}>
                      <a className="who" href={`/@${invitation.by.handle}`}>
                        {invitation.publication ? words.asksToJoin(invitation.by.name, publications.roles[invitation.publication.role]) : words.asks(invitation.by.name)}
                      </a>
                    </h2>
                    <p className="invitation-what" dir="auto">
                      {invitation.title || words.untitled}
                    </p>
                    <p className="meta">
                      @{invitation.by.handle}
                      <span className="dot">
                        <When instant={invitation.invitedAt} now={now} />
                      </span>
                    </p>
                  </div>
                  <div className="row">
                    <button className="btn btn-main" type="button" aria-describedby={`invitation-${invitation.id}`} onClick={() => void answer(invitation, true)}>
                      {words.accept}
                    </button>
                    <button className="btn btn-line" type="button" aria-describedby={`invitation-${invitation.id}`} onClick={() => void answer(invitation, false)}>
                      {words.decline}
                    </button>
                  </div>
                </li>
              ))}
            </ul>
          )}
        </div>
      </main>
    </Frame>
  );
}
