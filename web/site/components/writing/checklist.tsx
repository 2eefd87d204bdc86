"use client";
import { useEffect, useMemo, useState } from "react";
import { Icon } from "@/components/icons";
import { checkLinks } from "@/lib/my-links";
import { linksIn, lookOver, type Finding, type LinkFinding } from "@/lib/writing/checklist";
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
      return [finding.problem ?? words.link, finding.words || finding.address || undefined];
    case "title":
      return [words.noTitle];
    default:
      return [words[finding.kind]];
  }
}

/** As many as are asked at once. */
const mostLinks = 100;

/** Links of whom their servers say that nothing is there; each is asked once while the panel is open. */
function useBrokenLinks(markdown: string): { broken: readonly LinkFinding[]; asking: boolean } {
  const links = useMemo(() => linksIn(markdown), [markdown]);
  const addresses = useMemo(() => [...new Set(links.map(({ address }) => address))].slice(0, mostLinks).join("\n"), [links]);
  const [problems, setProblems] = useState<{ of: string; said: ReadonlyMap<string, string> }>({ of: "", said: new Map() });
  useEffect(() => {
    if (!addresses) return;
    let here = true;
    void checkLinks(addresses.split("\n")).then((answer) => {
      // Without an answer nothing is said: it is a help, not a condition.
      const checked = answer.kind === "done" ? answer.value.links : [];
      if (here) setProblems({ of: addresses, said: new Map(checked.filter(({ state }) => state === "broken").map(({ address, problem }) => [address, problem ?? ""])) });
    });
    return () => {
      here = false;
    };
  }, [addresses]);
  const broken = useMemo(() => links.flatMap((link) => (problems.said.has(link.address) ? [{ ...link, problem: problems.said.get(link.address) || undefined }] : [])), [links, problems]);
  return { broken, asking: addresses !== "" && problems.of !== addresses };
}

/** What to look at once more, each a way to its place; none keeps the story from going out. */
export function Checklist({ content, onChoose }: { content: Content; onChoose: (finding: Finding) => void }) {
  const { broken, asking } = useBrokenLinks(content.markdown);
  const findings = useMemo(() => [...lookOver(content), ...broken], [content, broken]);
  const [all, setAll] = useState(false);
  if (findings.length === 0)
    return (
      <p className="state" role="status">
        {!asking && <Icon name="check" small />}
        {asking ? words.askingLinks : words.fine}
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
