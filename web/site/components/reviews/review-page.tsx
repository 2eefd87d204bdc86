"use client";
import { useCallback, useEffect, useRef } from "react";
import type { DraftComment, DraftReview } from "@blog/api";
import { Top } from "@/components/frame";
import { useSaid } from "@/components/library/said";
import { Failed } from "@/components/notice";
import { PeopleSkeleton } from "@/components/together/skeleton";
import { useLoaded } from "@/components/use-loaded";
import { SignInCard } from "@/components/writing/gate";
import { find } from "@/lib/highlights/selector";
import { ArticleText } from "@/lib/highlights/text";
import { getReview } from "@/lib/my-reviews";
import { reviews } from "@/messages/reviews";
import { Links } from "./links";
import { Threads } from "./threads";

const words = reviews.desk;

/** The links to a draft, and what was said of it, beside the words that are meant. */
export function ReviewPage({ id }: { id: string }) {
  const { state, load } = useLoaded(
    useCallback(async () => {
      const answer = await getReview(id);
      return answer.kind === "done" ? { ...answer, value: { review: answer.value, at: Date.now() } } : answer;
    }, [id]),
  );
  const { say, toast } = useSaid();
  const path = `/write/${id}/review`;
  const title = state.kind === "shown" ? state.value.review.title : "";
  return (
    <>
      <Top path={path} withoutSearch />
      <main id="main" className="frame" tabIndex={-1}>
        {state.kind === "signedOut" ? (
          <SignInCard title={words.signIn} path={path} />
        ) : (
          <>
            <header className="review-head">
              <a className="btn-text" href={`/write/${id}`}>
                {words.back}
              </a>
              <h1 className="page-title" dir="auto">
                {title ? words.of(title) : words.title}
              </h1>
              <p className="standfirst">{words.standfirst}</p>
            </header>
            {state.kind === "loading" && <PeopleSkeleton label={words.loading} />}
            {state.kind === "failed" && <Failed words={words} onAgain={() => void load()} />}
            {state.kind === "missing" && (
              <div className="empty">
                <h2 className="empty-title">{words.missing}</h2>
                <p>{words.missingText}</p>
              </div>
            )}
            {state.kind === "shown" && <Both id={id} review={state.value.review} now={state.value.at} onChange={load} onSaid={say} />}
          </>
        )}
        {toast}
      </main>
    </>
  );
}

interface BothProps {
  id: string;
  review: DraftReview;
  now: number;
  onChange: () => Promise<void>;
  onSaid: (text: string) => void;
}

function Both({ id, review: { title, html, links, comments }, now, onChange, onSaid }: BothProps) {
  const prose = useRef<HTMLDivElement>(null);
  const rangeOf = useCallback(({ passage }: DraftComment) => {
    const text = prose.current && new ArticleText(prose.current);
    const found = text && passage && find(text.text, passage);
    return found ? text.rangeOf(found) : undefined;
  }, []);
  useEffect(() => {
    if (!("highlights" in CSS)) return;
    const open = comments.filter(({ passage, place, resolvedAt }) => passage && place !== "detached" && !resolvedAt);
    CSS.highlights.set("comments", new Highlight(...open.flatMap((comment) => rangeOf(comment) ?? [])));
    return () => {
      CSS.highlights.delete("comments");
      CSS.highlights.delete("shown");
    };
  }, [comments, html, rangeOf]);
  const show = (comment: DraftComment) => {
    const range = rangeOf(comment);
    if (!range) return;
    range.startContainer.parentElement?.scrollIntoView({ block: "center" });
    if ("highlights" in CSS) CSS.highlights.set("shown", new Highlight(range));
  };
  return (
    <div className="review-both">
      <div className="review-side">
        <Threads id={id} comments={comments} links={links} now={now} onChange={onChange} onSaid={onSaid} onShow={show} />
        <Links id={id} links={links} now={now} onChange={onChange} onSaid={onSaid} />
      </div>
      <section className="review-draft" aria-label={words.draft}>
        <h2 className="article-title" dir="auto">
          {title || reviews.untitled}
        </h2>
        <div ref={prose} className="prose" dir="auto" dangerouslySetInnerHTML={{ __html: html }} />
      </section>
    </div>
  );
}
