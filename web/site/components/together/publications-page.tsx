"use client";
import { Avatar } from "@/components/people";
import type { Call } from "@/lib/browser";
import { listPublications, listSubmissions } from "@/lib/my-publications";
import { publications } from "@/messages/publications";
import type { MyPublicationList, SubmissionList } from "@blog/api";
import { Shell } from "./shell";
import { useLoaded } from "@/components/use-loaded";

const words = publications.mine;

interface Mine {
  list: MyPublicationList;
  submitted: SubmissionList;
}

async function load(): Promise<Call<Mine>> {
  const [list, submitted] = await Promise.all([listPublications(), listSubmissions()]);
  if (list.kind !== "done") return list;
  return submitted.kind === "done" ? { kind: "done", value: { list: list.value, submitted: submitted.value } } : submitted;
}

/** The publications somebody is in, and what they offered to them. */
export function PublicationsPage() {
  const loaded = useLoaded(load);
  return (
    <Shell {...loaded} path="/me/publications" signIn={publications.signIn} missing={{ title: publications.failed, text: publications.failedText }}>
      {({ list, submitted }) => (
        <>
          <header className="page-head ends">
            <div>
              <h1 className="page-title">{words.title}</h1>
              <p className="standfirst">{words.standfirst}</p>
            </div>
            <a className="btn btn-main" href="/me/publications/new">
              {words.begin}
            </a>
          </header>
          {list.items.length === 0 ? (
            <div className="empty">
              <h2 className="empty-title">{words.empty}</h2>
              <p>{words.emptyText}</p>
              <p className="row">
                <a className="btn btn-line" href="/me/invitations">
                  {words.invitations}
                </a>
              </p>
            </div>
          ) : (
            <ul className="people">
              {list.items.map(({ publication, role, waiting }) => (
                <li className="person" key={publication.id}>
                  <Avatar person={{ name: publication.name, avatarUrl: publication.pictureUrl }} />
                  <div>
                    <h2 className="invitation-title">
                      <a className="who" href={`/me/publications/${publication.id}`}>
                        {publication.name}
                      </a>
                    </h2>
                    <p className="meta">
                      {publications.roles[role]}
                      {waiting > 0 && <span className="dot">{words.waiting(waiting)}</span>}
                    </p>
                  </div>
                  <a className="btn btn-bare" href={publication.url} aria-label={`${publications.desk.see}: ${publication.name}`}>
                    {publications.desk.see}
                  </a>
                </li>
              ))}
            </ul>
          )}
          {submitted.items.length > 0 && (
            <section className="relations" aria-labelledby="submitted">
              <h2 className="section-title" id="submitted">
                {words.submissions}
              </h2>
              <ul className="people">
                {submitted.items.map(({ id, title, publication, state }) => (
                  <li className="person submission-row" key={id}>
                    <div>
                      <h3 className="invitation-title" dir="auto">
                        <a className="who" href={`/me/submissions/${id}`}>
                          {title}
                        </a>
                      </h3>
                      <p className="meta">
                        {publications.submission.to(publication.name)}
                        <span className="dot">{publications.submission.states[state]}</span>
                      </p>
                    </div>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </>
      )}
    </Shell>
  );
}
