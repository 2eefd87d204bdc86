"use client";
// What the lists of the settings have in common: the page around them, loading in pages, and a button that can be taken back.
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { Toast } from "@/components/dialog";
import { Frame } from "@/components/frame";
import { Notice } from "@/components/notice";
import { SignInCard } from "@/components/writing/gate";
import type { Call } from "@/lib/browser";
import { people, relations } from "@/messages/people";
import { SettingsHead, type SettingsPlace } from "./settings-frame";

interface Page<T> {
  items: readonly T[];
  nextPageToken: string | null;
}

type Listed<T> = { kind: "loading" } | { kind: "failed" } | { kind: "shown"; items: readonly T[]; next: string | null };

interface RelationsPageProps {
  place: SettingsPlace["here"];
  path: string;
  words: SettingsPlace["words"] & { signIn: string };
  children: (onSignedOut: () => void) => ReactNode;
}

export function RelationsPage({ place, path, words, children }: RelationsPageProps) {
  const [signedOut, setSignedOut] = useState(false);
  const onSignedOut = useCallback(() => setSignedOut(true), []);
  return (
    <Frame path={path}>
      <main id="main" className="frame" tabIndex={-1}>
        {signedOut ? (
          <SignInCard title={words.signIn} path={path} />
        ) : (
          <div className="column">
            <SettingsHead here={place} words={words} />
            {children(onSignedOut)}
          </div>
        )}
      </main>
    </Frame>
  );
}

interface ListProps<T> {
  title: string;
  text?: string;
  load: (pageToken?: string) => Promise<Call<Page<T>>>;
  onSignedOut: () => void;
  keyOf: (item: T) => string;
  empty: ReactNode;
  row: (item: T) => ReactNode;
}

export function List<T>({ title, text, load, onSignedOut, keyOf, empty, row }: ListProps<T>) {
  const [list, setList] = useState<Listed<T>>({ kind: "loading" });

  const fetchPage = useCallback(
    async (after?: { items: readonly T[]; token: string }) => {
      const answer = await load(after?.token);
      if (answer.kind === "done") setList({ kind: "shown", items: [...(after?.items ?? []), ...answer.value.items], next: answer.value.nextPageToken });
      else if (answer.kind === "signedOut") onSignedOut();
      else setList({ kind: "failed" });
    },
    [load, onSignedOut],
  );

  useEffect(() => {
    // The list belongs to whoever is signed in, so it comes after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void fetchPage();
  }, [fetchPage]);

  return (
    <section className="relations">
      <h2 className="section-title">{title}</h2>
      {text && <p className="relations-text">{text}</p>}
      {list.kind === "loading" && <Waiting />}
      {list.kind === "failed" && (
        <Notice danger title={relations.failed} text={relations.failedText}>
          <button className="btn btn-line" type="button" onClick={() => void fetchPage()}>
            {relations.again}
          </button>
        </Notice>
      )}
      {list.kind === "shown" && list.items.length === 0 && !list.next && empty}
      {list.kind === "shown" && list.items.length > 0 && (
        <ul className="people">
          {list.items.map((item) => (
            <li className="person" key={keyOf(item)}>
              {row(item)}
            </li>
          ))}
        </ul>
      )}
      {list.kind === "shown" && list.next && (
        <p className="pager">
          <button className="btn btn-line" type="button" onClick={() => void fetchPage({ items: list.items, token: list.next ?? "" })}>
            {relations.more}
          </button>
        </p>
      )}
    </section>
  );
}

export interface ToggleProps {
  name: string;
  change: (on: boolean) => Promise<Call<unknown>>;
  /** What the button says while it is so, and while it is not. */
  on: string;
  off: string;
  /** The words are what a click does, rather than what is. */
  verbs?: boolean;
}

/** Stays where it is after it was turned off, so that a wrong click is one click to undo. */
export function Toggle({ name, change, on, off, verbs }: ToggleProps) {
  const [is, setIs] = useState(true);
  const [said, setSaid] = useState<string>();
  const turn = async () => {
    setSaid(undefined);
    setIs(!is);
    const answer = await change(!is);
    if (answer.kind === "done") return;
    setIs(is);
    setSaid(answer.kind === "refused" || answer.kind === "conflict" ? answer.refusal.detail : people.failed);
  };
  return (
    <>
      <button className="btn btn-line follow" type="button" data-following={is && !verbs ? "" : undefined} onClick={() => void turn()}>
        <span className={is ? undefined : "away"}>
          {on}
          <span className="sr"> {name}</span>
        </span>
        <span className={is ? "away" : undefined}>
          {off}
          <span className="sr"> {name}</span>
        </span>
      </button>
      {said && <Toast key={said}>{said}</Toast>}
    </>
  );
}

export function Empty({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h3 className="empty-title">{title}</h3>
      <p>{text}</p>
      {children && <p className="row">{children}</p>}
    </div>
  );
}

function Waiting() {
  return (
    <div className="people" aria-busy="true" aria-label={relations.loading} role="group">
      {[0, 1, 2].map((row) => (
        <div className="person" key={row}>
          <span className="avatar skel" />
          <div>
            <span className="skel w-4 h-s" />
            <span className="skel w-3 h-s" />
          </div>
        </div>
      ))}
    </div>
  );
}
