"use client";
import { useCallback, useEffect, useState } from "react";
import type { MyArticle, MyTranslation } from "@blog/api";
import { Toast } from "@/components/dialog";
import { Frame } from "@/components/frame";
import { Failed, Notice } from "@/components/notice";
import { PeopleSkeleton } from "@/components/together/skeleton";
import { said, useLoaded } from "@/components/use-loaded";
import { SignInPage } from "@/components/writing/gate";
import { getArticle } from "@/lib/browser";
import { ownName } from "@/lib/languages";
import { listTranslations, unlinkTranslation } from "@/lib/my-translations";
import { translations } from "@/messages/translations";
import { LanguageField } from "./language-field";
import { LinkForm } from "./link-form";
import { TranslateForm } from "./translate-form";

const words = translations.page;

/** The languages a story is there in: begun, linked and taken out here. */
export function TranslationsPage({ id }: { id: string }) {
  const { state, load } = useLoaded(useCallback(() => listTranslations(id), [id]));
  const [article, setArticle] = useState<MyArticle>();
  const [source, setSource] = useState("");
  const [sourceError, setSourceError] = useState<string>();
  const [toast, setToast] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const path = `/write/${id}/translations`;

  const refresh = useCallback(async () => {
    const answer = await getArticle(id);
    if (answer.kind === "done") setArticle(answer.value);
  }, [id]);
  useEffect(() => {
    // The story belongs to whoever is signed in, so it comes after the page, from the browser.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void refresh();
  }, [refresh]);

  const takeOut = async ({ articleId, title }: MyTranslation) => {
    const answer = await unlinkTranslation(id, articleId);
    setProblem(said(answer, words.unreachable)?.text);
    if (answer.kind === "done") setToast(words.tookOut(title || words.untitled));
    await load();
  };

  if (state.kind === "signedOut") return <SignInPage title={words.signIn} path={path} />;

  const title = article?.content.title;
  const known = article?.content.language ?? "";
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
          {state.kind === "shown" && article && (
            <>
              <Members id={id} items={state.value.items} onTakeOut={(item) => void takeOut(item)} />
              {!known && (
                <div className="languages-form">
                  <LanguageField label={words.source} hint={words.sourceHint} error={sourceError} value={source} onChange={setSource} />
                </div>
              )}
              <TranslateForm id={id} source={source} onSourceError={setSourceError} onProblem={setProblem} />
              <LinkForm
                article={article}
                linked={state.value.items.map(({ articleId }) => articleId)}
                source={source}
                onSourceError={setSourceError}
                onProblem={setProblem}
                onLinked={(linked) => {
                  setToast(words.linked(linked));
                  void refresh();
                  void load();
                }}
              />
            </>
          )}
        </div>
      </main>
      {toast && <Toast key={toast}>{toast}</Toast>}
    </Frame>
  );
}

function Members({ id, items, onTakeOut }: { id: string; items: readonly MyTranslation[]; onTakeOut: (item: MyTranslation) => void }) {
  return (
    <section aria-labelledby="members">
      <h2 className="section-title" id="members">
        {words.members}
      </h2>
      {items.length === 0 ? (
        <p className="meta">{words.alone}</p>
      ) : (
        <ul className="language-rows">
          {items.map((item) => (
            <Member key={item.articleId} item={item} here={item.articleId === id} onTakeOut={() => onTakeOut(item)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Member({ item: { articleId, title, language, status, url, mine }, here, onTakeOut }: { item: MyTranslation; here: boolean; onTakeOut: () => void }) {
  const name = title || (mine ? words.untitled : words.someone);
  return (
    <li className="language-row">
      <div>
        <h3>
          <bdi>{name}</bdi>
        </h3>
        <p className="meta">
          {language ? <bdi lang={language}>{ownName(language)}</bdi> : words.unknown}
          <span className="dot">{words.status[status]}</span>
          {here && <span className="dot">{words.here}</span>}
        </p>
      </div>
      <div className="row">
        {url && (
          <a className="btn btn-bare" href={url} aria-label={`${words.read}: ${name}`}>
            {words.read}
          </a>
        )}
        {mine && !here && (
          <a className="btn btn-bare" href={`/write/${articleId}`} aria-label={`${words.edit}: ${name}`}>
            {words.edit}
          </a>
        )}
        <button className="btn btn-bare" type="button" aria-label={words.takeOutOf(name)} onClick={onTakeOut}>
          {words.takeOut}
        </button>
      </div>
    </li>
  );
}
