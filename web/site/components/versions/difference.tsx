"use client";
import { useMemo, type ReactNode } from "react";
import type { ArticleContent } from "@blog/api";
import { compare, folded, unified, type Piece, type Row } from "@/lib/writing/compare";
import { emptyContent } from "@/lib/writing/content";
import { versions as words } from "@/messages/versions";

const fields = ["title", "description", "topics", "slug", "canonicalUrl", "language", "coverAlt"] as const;

/** What changed from one text to another, word by word. */
export function Difference({ older, newer, split }: { older: ArticleContent | null; newer: ArticleContent; split: boolean }) {
  const before = older ?? emptyContent;
  const rows = useMemo(() => compare(before.markdown, newer.markdown), [before, newer]);
  const changed = fields.map((field) => ({ field, was: said(before[field]), is: said(newer[field]) })).filter(({ was, is }) => was !== is);
  const cover = before.coverMediaId !== newer.coverMediaId;
  if (changed.length === 0 && !cover && rows.every(({ kind }) => kind === "same")) return <p className="meta difference-same">{words.same}</p>;
  return (
    <div className={split ? "difference split" : "difference"}>
      {(changed.length > 0 || cover) && (
        <dl className="difference-fields">
          {changed.map(({ field, was, is }) => (
            <div key={field}>
              <dt>{words.fields[field]}</dt>
              <dd>{compare(was, is).map((row, index) => row.kind === "changed" && <Pieces key={index} pieces={unified(row)} />)}</dd>
            </div>
          ))}
          {cover && (
            <div>
              <dt>{words.fields.cover}</dt>
              <dd>
                {before.coverMediaId && <del>{picture(before.coverMediaId, before.coverAlt)}</del>}
                {newer.coverMediaId && <ins>{picture(newer.coverMediaId, newer.coverAlt)}</ins>}
              </dd>
            </div>
          )}
        </dl>
      )}
      {split && (
        <div className="difference-row difference-heads" aria-hidden="true">
          <p className="meta">{words.older}</p>
          <p className="meta">{words.newer}</p>
        </div>
      )}
      {folded(rows).map((row, index) =>
        "hidden" in row ? (
          <details key={index}>
            <summary className="meta">{words.unchanged(row.hidden.length)}</summary>
            {row.hidden.map((text, at) => (
              <Both key={at} split={split} text={text} />
            ))}
          </details>
        ) : (
          <Change key={index} row={row} split={split} />
        ),
      )}
    </div>
  );
}

const said = (value: string | readonly string[]) => (typeof value === "string" ? value : value.join(", "));

function Change({ row, split }: { row: Row; split: boolean }) {
  if (row.kind === "same") return <Both split={split} text={row.text} />;
  if (row.kind === "moved") {
    const gone = row.side === "mine";
    const text = (
      <div className="moved">
        <p className="meta">{gone ? words.movedAway : words.movedHere}</p>
        <p>{gone ? <del>{withPictures(row.text)}</del> : <ins>{withPictures(row.text)}</ins>}</p>
      </div>
    );
    return split ? <Sides left={gone && text} right={!gone && text} /> : text;
  }
  if (!split)
    return (
      <p>
        <Pieces pieces={unified(row)} />
      </p>
    );
  return <Sides left={<p><Pieces pieces={row.mine} /></p>} right={<p><Pieces pieces={row.theirs} /></p>} />;
}

function Both({ text, split }: { text: string; split: boolean }) {
  return split ? <Sides left={<p>{withPictures(text)}</p>} right={<p>{withPictures(text)}</p>} /> : <p>{withPictures(text)}</p>;
}

function Sides({ left, right }: { left: ReactNode; right: ReactNode }) {
  return (
    <div className="difference-row">
      <div>{left}</div>
      <div>{right}</div>
    </div>
  );
}

function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map(({ kind, text }, index) => {
    const shown = withPictures(text);
    return kind === "mine" ? <del key={index}>{shown}</del> : kind === "theirs" ? <ins key={index}>{shown}</ins> : <span key={index}>{shown}</span>;
  });
}

const pictures = /(!\[[^\]]*\]\(\/media\/[\w-]+[^)]*\))/;

/** A picture is shown beside the words that name it. */
function withPictures(text: string): ReactNode {
  if (!text.includes("](/media/")) return text;
  return text.split(pictures).map((part, index) => {
    const [, alt = "", id] = /^!\[([^\]]*)\]\(\/media\/([\w-]+)/.exec(part) ?? [];
    return (
      <span key={index}>
        {id && picture(id, alt)}
        {part}
      </span>
    );
  });
}

// Small, and seldom looked at twice: the picture as it was uploaded will do.
const picture = (id: string, alt: string) => <img className="difference-picture" src={`/media/${id}`} alt={alt} loading="lazy" />;
