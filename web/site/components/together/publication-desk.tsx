"use client";
import { useCallback, useEffect, useState } from "react";
import type { Author, PublicationDesk as Desk, PublicationRole } from "@blog/api";
import { Question, Toast } from "@/components/dialog";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { Avatar } from "@/components/people";
import { TakeAlong } from "@/components/take-along";
import { getUser, type Call } from "@/lib/browser";
import { exportPublication, getPublication, inviteMember, removeMember, savePublication, setRole, withdrawMember } from "@/lib/my-publications";
import { publications } from "@/messages/publications";
import { go } from "./go";
import { InviteForm } from "./invite-form";
import { LeaveQuestion } from "./leave-question";
import { PublicationForm } from "./publication-form";
import { Shell } from "./shell";
import { said, useLoaded } from "@/components/use-loaded";

const words = publications.desk;
const roles: readonly PublicationRole[] = ["owner", "editor", "writer"];

/** Where the people of a publication decide: what appears, who takes part, what it says of itself. */
export function PublicationDesk({ id }: { id: string }) {
  const loaded = useLoaded(useCallback(() => getPublication(id), [id]));
  const { load } = loaded;
  const [me, setMe] = useState<string>();
  const [toast, setToast] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [removing, setRemoving] = useState<Author>();
  const [leaving, setLeaving] = useState(false);

  useEffect(() => {
    void getUser().then((answer) => answer.kind === "done" && setMe(answer.value.id));
  }, []);

  const act = async <T,>(doing: Promise<Call<T>>, done?: string) => {
    const answer = await doing;
    setProblem(said(answer, publications.unreachable)?.text);
    if (answer.kind === "done" && done) setToast(done);
    await load();
    return answer.kind === "done";
  };

  const leave = async (takeStories: boolean) => {
    setLeaving(false);
    const answer = await removeMember(id, me ?? "", takeStories);
    if (answer.kind === "done") return go("/me/publications");
    setProblem(said(answer, publications.unreachable)?.text);
  };

  return (
    <>
      <Shell {...loaded} path={`/me/publications/${id}`} signIn={publications.signIn} missing={{ title: words.missing, text: words.missingText }}>
        {(desk) => (
          <>
            <header className="page-head ends">
              <div>
                <h1 className="page-title">{desk.name}</h1>
                {desk.description && <p className="standfirst">{desk.description}</p>}
              </div>
              <a className="btn btn-line" href={desk.url}>
                {words.see}
              </a>
            </header>
            {problem && <Notice danger title={publications.problem} text={problem} />}
            {desk.role !== "writer" && <Queue desk={desk} />}
            <section className="relations" aria-labelledby="people">
              <h2 className="section-title" id="people">
                {words.members}
              </h2>
              <p className="relations-text">{words.roleHint}</p>
              <ul className="people">
                {desk.members.map(({ person, role }) => (
                  <li className="person member" key={person.id}>
                    <Avatar person={person} />
                    <div>
                      <a className="who" href={`/@${person.handle}`}>
                        {person.name}
                      </a>
                      <p className="meta">{[`@${person.handle}`, publications.roles[role], ...(person.id === me ? [words.you] : [])].join(" · ")}</p>
                    </div>
                    <div className="row">
                      {desk.role === "owner" && (
                        <select
                          className="input role"
                          aria-label={words.role(person.name)}
                          value={role}
                          onChange={(event) => void act(setRole(id, person.id, event.target.value as PublicationRole))}
                        >
                          {roles.map((each) => (
                            <option key={each} value={each}>
                              {publications.roles[each]}
                            </option>
                          ))}
                        </select>
                      )}
                      {person.id === me ? (
                        <button className="btn btn-line" type="button" onClick={() => setLeaving(true)}>
                          {words.leave}
                        </button>
                      ) : (
                        desk.role === "owner" && (
                          <button className="btn btn-line" type="button" aria-label={`${words.remove}: ${person.name}`} onClick={() => setRemoving(person)}>
                            {words.remove}
                          </button>
                        )
                      )}
                    </div>
                  </li>
                ))}
              </ul>
            </section>
            {desk.invited.length > 0 && (
              <section className="relations" aria-labelledby="asked">
                <h2 className="section-title" id="asked">
                  {words.invited}
                </h2>
                <ul className="people">
                  {desk.invited.map(({ id: invitation, person, role }) => (
                    <li className="person" key={invitation}>
                      <Avatar person={person} />
                      <div>
                        <a className="who" href={`/@${person.handle}`}>
                          {person.name}
                        </a>
                        <p className="meta">{[`@${person.handle}`, publications.roles[role]].join(" · ")}</p>
                      </div>
                      {desk.role !== "writer" && (
                        <button className="btn btn-line" type="button" aria-label={`${words.withdraw}: ${person.name}`} onClick={() => void act(withdrawMember(id, invitation))}>
                          {words.withdraw}
                        </button>
                      )}
                    </li>
                  ))}
                </ul>
              </section>
            )}
            {desk.role !== "writer" && (
              <InviteMember
                roles={desk.role === "owner" ? roles : ["writer"]}
                send={(handle, role) => inviteMember(id, handle, role)}
                onSent={(name) => {
                  setToast(words.sent(name));
                  void load();
                }}
              />
            )}
            {desk.role === "owner" && (
              <section className="relations" aria-labelledby="settings">
                <h2 className="section-title" id="settings">
                  {words.settings}
                </h2>
                <PublicationForm
                  key={desk.revision}
                  initial={{ name: desk.name, slug: desk.slug, description: desk.description, pictureMediaId: desk.pictureMediaId }}
                  action={publications.form.save}
                  send={(form) => savePublication(id, form, desk.revision)}
                  onDone={() => {
                    setToast(publications.form.saved);
                    void load();
                  }}
                />
              </section>
            )}
            {desk.role !== "writer" && (
              <TakeAlong
                className="relations"
                textClassName="relations-text"
                title={words.export.title}
                text={words.export.text}
                action={words.export.take}
                name={`${desk.slug}.zip`}
                fetch={() => exportPublication(id)}
              />
            )}
            {leaving && <LeaveQuestion name={desk.name} onLeave={(takeStories) => void leave(takeStories)} onNo={() => setLeaving(false)} />}
          </>
        )}
      </Shell>
      {removing && (
        <Question
          title={words.askRemove(removing.name)}
          text={words.askRemoveText}
          yes={words.remove}
          no={words.cancel}
          onYes={() => {
            setRemoving(undefined);
            void act(removeMember(id, removing.id));
          }}
          onNo={() => setRemoving(undefined)}
        />
      )}
      {toast && <Toast key={toast}>{toast}</Toast>}
    </>
  );
}

function Queue({ desk }: { desk: Desk }) {
  return (
    <section className="relations" aria-labelledby="queue">
      <h2 className="section-title" id="queue">
        {words.queue}
      </h2>
      {desk.waiting.length === 0 ? (
        <p className="meta">{words.queueEmpty}</p>
      ) : (
        <ul className="people">
          {desk.waiting.map(({ id, title, by, wordCount, note }) => (
            <li className="person" key={id}>
              <Avatar person={by} />
              <div>
                <h3 className="invitation-title" dir="auto">
                  <a className="who" href={`/me/submissions/${id}`}>
                    {title}
                  </a>
                </h3>
                <p className="meta">
                  {by.name}
                  <span className="dot">{publications.submission.words(wordCount)}</span>
                </p>
                {note && <p className="person-bio">{note}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface InviteMemberProps {
  roles: readonly PublicationRole[];
  send: (handle: string, role: PublicationRole) => ReturnType<typeof inviteMember>;
  onSent: (name: string) => void;
}

function InviteMember({ roles: offered, send, onSent }: InviteMemberProps) {
  const [role, setChosen] = useState<PublicationRole>("writer");
  return (
    <InviteForm title={words.invite} unreachable={publications.unreachable} send={(handle) => send(handle, role)} onSent={onSent}>
      {offered.length > 1 && (
        <Field label={words.inviteRole}>
          {(attributes) => (
            <select {...attributes} className="input" value={role} onChange={(event) => setChosen(event.target.value as PublicationRole)}>
              {offered.map((each) => (
                <option key={each} value={each}>
                  {publications.roles[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </InviteForm>
  );
}
