"use client";
import { useState } from "react";
import type { MySeries } from "@blog/api";
import { Question } from "@/components/dialog";
import { Frame } from "@/components/frame";
import { useSaid } from "@/components/library/said";
import { Failed } from "@/components/notice";
import { useLoaded } from "@/components/use-loaded";
import { SignInPage } from "@/components/writing/gate";
import { deleteSeries, listSeries, saveSeries } from "@/lib/my-series";
import { series } from "@/messages/series";
import { Parts } from "./parts";
import { Rename } from "./rename";

const words = series.desk;
const path = "/me/series";

/** One's series: put in order, renamed, ended. */
export function SeriesDesk() {
  const { state, load } = useLoaded(listSeries);
  const { say, toast } = useSaid();
  if (state.kind === "signedOut") return <SignInPage title={words.signIn} path={path} place="stories" />;
  const items = state.kind === "shown" ? state.value.items : [];
  return (
    <Frame path={path} place="stories">
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <p className="meta">
              <a className="link" href="/me/stories">
                {words.back}
              </a>
            </p>
            <h1 className="page-title">{words.title}</h1>
            <p className="standfirst">{words.standfirst}</p>
          </header>
          {state.kind === "loading" && <p className="state">{words.loading}…</p>}
          {(state.kind === "failed" || state.kind === "missing") && <Failed words={words} onAgain={() => void load()} />}
          {state.kind === "shown" && items.length === 0 && (
            <div className="empty">
              <h2 className="empty-title">{words.empty}</h2>
              <p>{words.emptyText}</p>
            </div>
          )}
          {items.map((each) => (
            <OneSeries key={`${each.id}-${each.revision}`} stored={each} onSaid={say} onChange={load} />
          ))}
        </div>
      </main>
      {toast}
    </Frame>
  );
}

/** Changes show at once; what the server did not take is shown as it is stored. */
function OneSeries({ stored, onSaid, onChange }: { stored: MySeries; onSaid: (text: string) => void; onChange: () => Promise<void> }) {
  const [shown, setShown] = useState(stored);
  const [naming, setNaming] = useState(false);
  const [asking, setAsking] = useState(false);
  const heading = `series-${stored.id}`;

  const save = async (changed: MySeries) => {
    const before = shown;
    setShown(changed);
    const answer = await saveSeries({ ...changed, revision: before.revision });
    if (answer.kind === "done") return setShown(answer.value);
    setShown(before);
    onSaid(answer.kind === "conflict" || answer.kind === "missing" || answer.kind === "refused" ? words.changedElsewhere : words.didNot);
    await onChange();
  };

  const remove = async () => {
    setAsking(false);
    const answer = await deleteSeries(stored.id);
    onSaid(answer.kind === "done" || answer.kind === "missing" ? words.removed(shown.title) : words.didNot);
    await onChange();
  };

  return (
    <section className="series-one" aria-labelledby={heading}>
      {naming ? (
        <Rename
          series={shown}
          onSaved={(saved) => {
            setShown(saved);
            setNaming(false);
          }}
          onCancel={() => setNaming(false)}
        />
      ) : (
        <div className="ends">
          <h2 className="section-title" id={heading} dir="auto">
            {shown.title}
          </h2>
          <span className="row">
            {shown.url && (
              <a className="btn btn-bare" href={shown.url}>
                {words.show}
              </a>
            )}
            <button className="btn btn-bare" type="button" aria-label={words.renameIt(shown.title)} onClick={() => setNaming(true)}>
              {words.rename}
            </button>
            <button className="btn btn-bare" type="button" aria-label={words.removeIt(shown.title)} onClick={() => setAsking(true)}>
              {words.remove}
            </button>
          </span>
        </div>
      )}
      {shown.parts.length === 0 ? <p className="meta">{words.noParts}</p> : <Parts series={shown} onArrange={(parts) => setShown({ ...shown, parts })} onSettle={(parts) => void save({ ...shown, parts })} />}
      {asking && <Question title={words.askRemove(shown.title)} text={words.askRemoveText} yes={words.remove} no={words.keep} onYes={() => void remove()} onNo={() => setAsking(false)} />}
    </section>
  );
}
