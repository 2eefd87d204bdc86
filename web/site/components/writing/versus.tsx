"use client";
import { useMemo } from "react";
import { Icon } from "@/components/icons";
import { compare, folded, type Piece, type Row } from "@/lib/writing/compare";
import type { Content } from "@/lib/writing/content";
import { writing } from "@/messages/writing";

const words = writing.versus;

interface VersusProps {
  mine: Content;
  theirs: Content;
  theirsAt: string;
  onMine: () => void;
  onTheirs: () => void;
  onBoth: () => void;
}

/** Both versions of one text, with what differs marked, and a choice that loses neither by accident. */
export function Versus({ mine, theirs, theirsAt, onMine, onTheirs, onBoth }: VersusProps) {
  const rows = useMemo(() => compare(whole(mine), whole(theirs)), [mine, theirs]);
  return (
    <section className="conflict" aria-labelledby="two" role="group">
      <h2 className="section-title" id="two">
        {words.title}
      </h2>
      <p className="said-small" role="alert">
        {words.text}
      </p>
      <div className="versus">
        <Version icon="write" title={words.mine} rows={rows} side="mine">
          <button className="btn btn-line" type="button" onClick={onMine}>
            {words.keepMine}
          </button>
        </Version>
        <Version icon="stories" title={words.theirs} when={theirsAt} rows={rows} side="theirs">
          <button className="btn btn-line" type="button" onClick={onTheirs}>
            {words.keepTheirs}
          </button>
        </Version>
      </div>
      <div className="row versus-tail">
        <button className="btn btn-main" type="button" onClick={onBoth}>
          {words.keepBoth}
        </button>
      </div>
    </section>
  );
}

const whole = ({ title, description, markdown }: Content) => [title, description, markdown].filter((part) => part.trim()).join("\n\n");

interface VersionProps {
  icon: "write" | "stories";
  title: string;
  when?: string;
  rows: readonly Row[];
  side: "mine" | "theirs";
  children: React.ReactNode;
}

function Version({ icon, title, when, rows, side, children }: VersionProps) {
  const shown = folded(rows);
  return (
    <article className="version">
      <header>
        <Icon name={icon} />
        <div>
          <h3>{title}</h3>
          {when && <p className="meta">{new Date(when).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" })}</p>}
        </div>
      </header>
      <div className="body" tabIndex={0} role="group" aria-label={title}>
        {shown.length === 0 && <p className="meta">{words.noText}</p>}
        {shown.map((row, index) =>
          "hidden" in row ? (
            <p className="meta" key={index}>
              {words.unchanged(row.hidden.length)}
            </p>
          ) : row.kind === "same" ? (
            <p key={index}>{row.text}</p>
          ) : row.kind === "moved" ? (
            row.side === side && (
              <p key={index}>
                <ins>{row.text}</ins>
              </p>
            )
          ) : row[side].length === 0 ? null : (
            <p key={index}>
              {row[side].map((piece, at) => (
                <Marked key={at} piece={piece} />
              ))}
            </p>
          ),
        )}
      </div>
      <footer>{children}</footer>
    </article>
  );
}

function Marked({ piece }: { piece: Piece }) {
  return piece.kind === "same" ? piece.text : <ins>{piece.text}</ins>;
}
