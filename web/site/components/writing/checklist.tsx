"use client";
import { useMemo, useState } from "react";
import { Icon } from "@/components/icons";
import { lookOver, type Finding } from "@/lib/writing/checklist";
import type { Content } from "@/lib/writing/content";
import { writing } from "@/messages/writing";

const words = writing.checklist;
const shown = 6;

function said(finding: Finding): [what: string, where?: string] {
  switch (finding.kind) {
    case "alt":
      return [words.alt, finding.source];
    case "tk":
      return [words.tk, finding.around];
    case "link":
      return [words.link, finding.words || finding.address || undefined];
    case "title":
      return [words.noTitle];
    default:
      return [words[finding.kind]];
  }
}

/** What to look at once more, each a way to its place; none keeps the story from going out. */
export function Checklist({ content, onChoose }: { content: Content; onChoose: (finding: Finding) => void }) {
  const findings = useMemo(() => lookOver(content), [content]);
  const [all, setAll] = useState(false);
  if (findings.length === 0)
    return (
      <p className="state">
        <Icon name="check" small />
        {words.fine}
      </p>
    );
  return (
    <section className="checklist" aria-labelledby="checklist">
      <h3 id="checklist">{words.title(findings.length)}</h3>
      <ul>
        {(all ? findings : findings.slice(0, shown)).map((finding, index) => {
          const [what, where] = said(finding);
          return (
            <li key={index}>
              <button type="button" onClick={() => onChoose(finding)}>
                <Icon name="warning" small />
                <span>
                  {what}
                  {where && <small dir="auto">{where}</small>}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {!all && findings.length > shown && (
        <button className="btn btn-bare" type="button" onClick={() => setAll(true)}>
          {words.more(findings.length - shown)}
        </button>
      )}
    </section>
  );
}
