"use client";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Preview as Rendered } from "@blog/api";
import { preview as render } from "@/lib/browser";
import { diagramFigures, showDiagrams } from "@/lib/diagrams";
import { cardOf } from "@/lib/my-links";
import { withoutPlaceholders, type Content } from "@/lib/writing/content";
import { PatchedHtml } from "@/lib/writing/patch-html";
import { reading } from "@/messages/reading";
import { writing } from "@/messages/writing";

const words = writing.desk;

/** Beyond this many characters the preview waits to be asked. */
const live = 200_000;
const pause = 350;
/** Addresses whose cards are asked for at a time. */
const mostAsked = 10;

/** Formulas are drawn by what only texts with formulas load. */
const asShown = async (html: string) => (html.includes('<code class="math') ? (await import("@/lib/formulas")).withFormulas(html) : html);

export interface PreviewState {
  shown: Rendered | undefined;
  failed: boolean;
  waits: boolean;
  now: () => void;
}

/** The text as the server renders it for readers: one request at a time, always ending with the newest text. */
export function usePreview(markdown: string, wanted: boolean): PreviewState {
  const [shown, setShown] = useState<Rendered>();
  const [failed, setFailed] = useState(false);
  const [rendered, setRendered] = useState<string>();
  const newest = useRef(markdown);
  const running = useRef(false);
  useEffect(() => {
    newest.current = markdown;
  }, [markdown]);

  const asked = useRef(new Set<string>());

  const run = useCallback(async () => {
    if (running.current) return;
    running.current = true;
    let text: string;
    do {
      text = newest.current;
      const answer = await render(withoutPlaceholders({ markdown: text } as Content).markdown);
      setFailed(answer.kind !== "done");
      if (answer.kind === "done") setShown({ ...answer.value, html: await asShown(answer.value.html) });
      setRendered(text);
      const addresses = answer.kind === "done" ? answer.value.pendingLinks.filter((address) => !asked.current.has(address)).slice(0, mostAsked) : [];
      addresses.forEach((address) => asked.current.add(address));
      // They are shown as links until it is known what they lead to.
      if (addresses.length > 0) void Promise.all(addresses.map((address) => cardOf(address, ""))).then(() => again.current());
    } while (text !== newest.current && newest.current.length <= live);
    running.current = false;
  }, []);
  const again = useRef(run);

  const waits = markdown.length > live && markdown !== rendered;
  useEffect(() => {
    if (!wanted || markdown.length > live || (markdown === "" && !shown)) return;
    const timer = setTimeout(() => void run(), shown ? pause : 0);
    return () => clearTimeout(timer);
    // The timer restarts with the text, not with what is shown.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [markdown, wanted, run]);

  return { shown, failed, waits, now: () => void run() };
}

/** Title, description and text as readers will see them. */
export function Preview({ content, preview: { shown, failed, waits, now } }: { content: Content; preview: PreviewState }) {
  return (
    <section className="paper" aria-label={words.preview} tabIndex={0}>
      {content.title && <h2 className="article-title">{content.title}</h2>}
      {content.description && <p className="standfirst">{content.description}</p>}
      {waits && (
        <p className="row meta">
          {words.previewLong}
          <button className="btn btn-line" type="button" onClick={now}>
            {words.previewNow}
          </button>
        </p>
      )}
      {failed && (
        <p className="meta" role="status">
          {words.previewFailed}
        </p>
      )}
      {shown?.html ? <Rendered html={shown.html} /> : !waits && <p className="meta">{words.previewEmpty}</p>}
    </section>
  );
}

/** The text; what did not change stays as it is while one writes. */
function Rendered({ html }: { html: string }) {
  const host = useRef<HTMLDivElement>(null);
  const [blocks] = useState(() => new PatchedHtml());
  const [drawn] = useState(() => new Map<Element, () => void>());

  useLayoutEffect(() => {
    if (!host.current) return;
    const { added, removed } = blocks.show(host.current, html);
    for (const [figure, stop] of drawn) {
      if (!removed.some((block) => block.contains(figure))) continue;
      stop();
      drawn.delete(figure);
    }
    const figures = added.flatMap((block) => (block.matches(diagramFigures) ? [block] : [...block.querySelectorAll(diagramFigures)]));
    for (const figure of figures) drawn.set(figure, showDiagrams([figure], reading.diagram, true));
  }, [html, blocks, drawn]);
  useEffect(() => () => drawn.forEach((stop) => stop()), [drawn]);

  return <div ref={host} className="prose" />;
}
