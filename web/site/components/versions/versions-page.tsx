"use client";
import { useEffect, useState } from "react";
import type { ArticleRevision } from "@blog/api";
import { Question } from "@/components/dialog";
import { Top } from "@/components/frame";
import { Icon } from "@/components/icons";
import { useSaid } from "@/components/library/said";
import { ErrorScreen } from "@/components/screen";
import { SignInCard } from "@/components/writing/gate";
import { momentOf, restoreVersion } from "@/lib/my-versions";
import { versions as words } from "@/messages/versions";
import { Difference } from "./difference";
import { NameForm } from "./name-form";
import { useTexts, useVersions } from "./use-versions";
import { VersionList } from "./version-list";

/** What a story was: every version, the difference between any two, and the way back to one. */
export function VersionsPage({ id }: { id: string }) {
  const { listed, setListed, load } = useVersions(id);
  const { say, toast } = useSaid();
  const [chosen, choose] = useChosen();
  const [other, setOther] = useState<number>();
  const path = `/write/${id}/history`;
  const items = listed.kind === "shown" ? listed.items : [];
  const version = items.find(({ number }) => number === chosen) ?? items[0];
  const current = items.find((item) => item.current);
  const next = listed.kind === "shown" ? listed.next : null;

  // What the oldest one shown changed is told by the one before it.
  const wantsMore = next !== null && version !== undefined && (chosen !== undefined && version.number !== chosen ? true : items.at(-1) === version);
  useEffect(() => {
    if (wantsMore && next !== null) void load({ items, token: next });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a page is asked for once
  }, [wantsMore, next]);

  const restore = async (number: number, revision: number, done: string, undo: boolean) => {
    const answer = await restoreVersion(id, number, revision, crypto.randomUUID());
    if (answer.kind === "done") {
      const { replacedNumber, revision: now } = answer.value;
      say(done, undo ? () => void restore(replacedNumber, now.number, words.undone, false) : undefined);
      choose(now.number);
    } else say(answer.kind === "conflict" ? words.changedElsewhere : answer.kind === "missing" ? words.gone : words.notRestored);
    await load();
  };

  return (
    <>
      <Top path={path} withoutSearch />
      <main id="main" className="frame versions" tabIndex={-1} data-chosen={chosen !== undefined}>
        {listed.kind === "signedOut" && <SignInCard title={words.signIn} path={path} />}
        {listed.kind === "missing" && <ErrorScreen title={words.wrong.missing} text={words.wrong.missingText} />}
        {listed.kind === "failed" && <ErrorScreen title={words.wrong.failed} text={words.wrong.failedText} again />}
        {(listed.kind === "loading" || listed.kind === "shown") && (
          <>
            <header className="versions-head">
              <a className="btn-text" href={`/write/${id}`}>
                {words.back}
              </a>
              <h1 className="page-title">{words.title}</h1>
              <p className="standfirst">{current?.title || (listed.kind === "shown" ? words.untitled : " ")}</p>
            </header>
            {listed.kind === "loading" && <Skeleton />}
            {listed.kind === "shown" && version && (
              <div className="versions-both">
                <div className="versions-list">
                  <VersionList
                    items={items}
                    at={listed.at}
                    chosen={version.number}
                    onChoose={(number) => {
                      setOther(undefined);
                      choose(number);
                    }}
                  />
                  {next !== null && (
                    <p className="pager">
                      <button className="btn btn-line" type="button" onClick={() => void load({ items, token: next })}>
                        {words.more}
                      </button>
                    </p>
                  )}
                </div>
                <Detail
                  key={version.number}
                  id={id}
                  version={version}
                  items={items}
                  other={other}
                  onOther={setOther}
                  onBack={() => choose(undefined)}
                  onNamed={(named) => setListed({ ...listed, items: items.map((item) => (item.number === named.number ? named : item)) })}
                  onRestore={current && !version.current ? () => void restore(version.number, current.number, words.restored, true) : undefined}
                />
              </div>
            )}
          </>
        )}
        {toast}
      </main>
    </>
  );
}

interface DetailProps {
  id: string;
  version: ArticleRevision;
  items: readonly ArticleRevision[];
  other: number | undefined;
  onOther: (number: number | undefined) => void;
  onBack: () => void;
  onNamed: (named: ArticleRevision) => void;
  onRestore?: () => void;
}

/** One version: what it changed, its name, and restoring it. */
function Detail({ id, version, items, other, onOther, onBack, onNamed, onRestore }: DetailProps) {
  const [split, setSplit] = useState(false);
  const [naming, setNaming] = useState(false);
  const [asking, setAsking] = useState(false);
  const before = items[items.indexOf(version) + 1]?.number ?? null;
  const against = other ?? before;
  // The older of two is on the left, whichever was chosen first.
  const [older, newer] = against !== null && against > version.number ? [version.number, against] : [against, version.number];
  const { texts, again } = useTexts(id, newer, older);
  return (
    <section className="version-detail" aria-label={momentOf(version)}>
      <button className="btn-text versions-back" type="button" onClick={onBack}>
        {words.all}
      </button>
      <h2 className="section-title">{version.name || words.reasons[version.reason]}</h2>
      <p className="meta">
        {momentOf(version)}
        <span className="dot">{version.person?.name ?? words.somebody}</span>
        <span className="dot">{words.words(version.wordCount)}</span>
      </p>
      {naming ? (
        <NameForm
          id={id}
          version={version}
          onCancel={() => setNaming(false)}
          onNamed={(named) => {
            onNamed(named);
            setNaming(false);
          }}
        />
      ) : (
        <div className="row version-actions">
          {onRestore && (
            <button className="btn btn-main" type="button" onClick={() => setAsking(true)}>
              {words.restore}
            </button>
          )}
          <button className="btn btn-line" type="button" onClick={() => setNaming(true)}>
            {version.name ? words.rename : words.name}
          </button>
        </div>
      )}
      <div className="version-tools">
        <label>
          {words.compareWith}
          <select className="input" value={other ?? ""} onChange={(event) => onOther(event.target.value ? Number(event.target.value) : undefined)}>
            <option value="">{before === null ? words.nothing : words.before}</option>
            {items
              .filter((item) => item !== version)
              .map((item) => (
                <option key={item.number} value={item.number}>
                  {momentOf(item)}: {item.name || words.reasons[item.reason]}
                </option>
              ))}
          </select>
        </label>
        <div className="row wide-only" role="group" aria-label={words.view}>
          {[false, true].map((own) => (
            <button key={String(own)} className="btn btn-line" type="button" aria-pressed={split === own} onClick={() => setSplit(own)}>
              <Icon name={own ? "columns" : "stories"} small />
              {own ? words.split : words.unified}
            </button>
          ))}
        </div>
      </div>
      {texts.kind === "loading" && <p className="meta" role="status">{words.comparing}</p>}
      {texts.kind === "gone" && <p className="meta" role="alert">{words.gone}</p>}
      {texts.kind === "failed" && (
        <p className="meta" role="alert">
          {words.failedText}{" "}
          <button className="btn-text" type="button" onClick={again}>
            {words.again}
          </button>
        </p>
      )}
      {texts.kind === "shown" && <Difference older={texts.older} newer={texts.newer} split={split} />}
      {asking && onRestore && (
        <Question
          title={words.askRestore}
          text={words.askRestoreText(momentOf(version))}
          yes={words.restore}
          no={words.keepNow}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            onRestore();
          }}
        />
      )}
    </section>
  );
}

/** The chosen version is in the address, so the way back and a shared link lead to it. */
function useChosen(): [number | undefined, (number: number | undefined) => void] {
  const [chosen, setChosen] = useState<number>();
  useEffect(() => {
    const read = () => setChosen(Number(new URLSearchParams(location.search).get("version")) || undefined);
    read();
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  const choose = (number: number | undefined) => {
    history.pushState(null, "", number === undefined ? location.pathname : `?version=${number}`);
    setChosen(number);
  };
  return [chosen, choose];
}

function Skeleton() {
  return (
    <div className="versions-both" aria-busy="true" role="group" aria-label={words.loading}>
      <div className="versions-list">
        {[9, 8, 9, 7, 8].map((width, index) => (
          <span key={index} className={`skel w-${width} h-d`} />
        ))}
      </div>
    </div>
  );
}
