"use client";
import { useEffect, useState, type FormEvent } from "react";
import type { MyImport, MyImportItem } from "@blog/api";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import type { Call } from "@/lib/browser";
import { saveFile } from "@/lib/files";
import { cancelImport, deleteImport, getImport, importReport, listImportItems, startImport } from "@/lib/my-imports";
import { sayRefusal } from "@/lib/writing/draft-api";
import { importing as words } from "@/messages/importing";

const lookAgain = 1000;

const all = ({ counts }: MyImport) => counts.items;
const done = ({ counts }: MyImport) => counts.created + counts.updated + counts.unchanged + counts.failed + counts.skipped;

/** One import from its upload to its report. It goes on without this page; the page only looks. */
export function ImportCard({ one, onChange, onForgotten }: { one: MyImport; onChange: (changed: MyImport) => void; onForgotten: (id: string) => void }) {
  const [said, setSaid] = useState("");
  const busy = one.state === "reading" || one.state === "running";

  useEffect(() => {
    if (!busy) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const answer = await getImport(one.id);
      if (stopped) return;
      if (answer.kind === "done") onChange(answer.value);
      timer = setTimeout(() => void look(), lookAgain);
    };
    timer = setTimeout(() => void look(), lookAgain);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [busy, one.id, onChange]);

  const after = (answer: Call<MyImport>) => {
    if (answer.kind === "done") {
      setSaid("");
      onChange(answer.value);
    } else setSaid(answer.kind === "refused" || answer.kind === "conflict" ? sayRefusal(answer.refusal) : words.unreachable);
  };
  const forget = async () => {
    const answer = await deleteImport(one.id);
    if (answer.kind === "done" || answer.kind === "missing") onForgotten(one.id);
    else setSaid(words.unreachable);
  };
  const take = async () => {
    const file = await importReport(one.id);
    if (!file) return setSaid(words.reportFailed);
    saveFile(file, "import.csv");
  };

  return (
    <section className="import" aria-labelledby={`import-${one.id}`}>
      <h2 className="section-title import-name" id={`import-${one.id}`}>
        {words.name(one)}
      </h2>
      {one.state === "failed" ? (
        <Notice danger title={words.state.failed} text={one.problem ?? ""} />
      ) : (
        <p role="status">{one.state === "running" ? words.state.running(done(one), all(one)) : one.state === "done" ? `${words.state.done} ${words.did(one)}.` : words.state[one.state]}</p>
      )}
      {busy && <progress aria-label={words.progress} {...(one.state === "running" ? { value: done(one), max: Math.max(1, all(one)) } : {})} />}
      {one.canStart && (
        <>
          <ul className="import-will">
            {words.will(one).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <Start one={one} onAnswer={after} />
        </>
      )}
      {(one.format || one.state === "failed") && !busy && <Items key={one.state} one={one} />}
      <p className="row">
        {busy && (
          <button className="btn btn-line" type="button" onClick={() => void cancelImport(one.id).then(after)}>
            {words.cancel}
          </button>
        )}
        {one.state === "done" && (
          <button className="btn btn-line" type="button" onClick={() => void take()}>
            {words.report}
          </button>
        )}
        {!busy && (
          <button className="btn-text" type="button" title={words.forgetHint} onClick={() => void forget()}>
            {words.forget}
          </button>
        )}
        <span role="status">{said}</span>
      </p>
    </section>
  );
}

function Start({ one, onAnswer }: { one: MyImport; onAnswer: (answer: Call<MyImport>) => void }) {
  const [asDrafts, setAsDrafts] = useState(one.asDrafts);
  const [site, setSite] = useState(one.site ?? "");
  const [wrong, setWrong] = useState("");
  const [starting, setStarting] = useState(false);

  const start = async (event: FormEvent) => {
    event.preventDefault();
    setStarting(true);
    const answer = await startImport(one.id, { asDrafts, site });
    setStarting(false);
    if (answer.kind === "refused" && answer.refusal.fields.site) return setWrong(answer.refusal.fields.site);
    setWrong("");
    onAnswer(answer);
  };

  return (
    <form className="import" onSubmit={(event) => void start(event)} noValidate>
      <label className="choice">
        <input type="checkbox" checked={asDrafts} onChange={({ target }) => setAsDrafts(target.checked)} />
        <span>{words.options.drafts}</span>
      </label>
      <Field label={words.options.site} hint={words.options.siteHint} error={wrong}>
        {(attributes) => <input {...attributes} className="input" type="url" inputMode="url" placeholder="https://old.example" value={site} onChange={({ target }) => setSite(target.value)} />}
      </Field>
      <p className="hint">{words.nobody}</p>
      <p className="row">
        <button className="btn btn-main" type="submit" disabled={starting}>
          {one.state === "cancelled" ? words.again : words.start}
        </button>
      </p>
    </form>
  );
}

function Items({ one }: { one: MyImport }) {
  const [items, setItems] = useState<readonly MyImportItem[]>();
  const [next, setNext] = useState<string>();
  const [remarkable, setRemarkable] = useState(false);

  useEffect(() => {
    let stopped = false;
    void listImportItems(one.id, { remarkable }).then((answer) => {
      if (stopped || answer.kind !== "done") return;
      setItems(answer.value.items);
      setNext(answer.value.nextPageToken ?? undefined);
    });
    return () => {
      stopped = true;
    };
  }, [one.id, remarkable]);

  const more = async () => {
    const answer = await listImportItems(one.id, { remarkable, pageToken: next });
    if (answer.kind !== "done") return;
    setItems((old) => [...(old ?? []), ...answer.value.items]);
    setNext(answer.value.nextPageToken ?? undefined);
  };

  if (!items || (items.length === 0 && !remarkable)) return null;
  return (
    <div>
      <h3 className="label">{words.items}</h3>
      <label className="choice">
        <input type="checkbox" checked={remarkable} onChange={({ target }) => setRemarkable(target.checked)} />
        <span>{words.remarks}</span>
      </label>
      {items.length === 0 && <p>{words.none}</p>}
      <ul className="import-items">
        {items.map((item) => (
          <li key={item.number}>
            <span>{item.articleId ? <a href={`/write/${item.articleId}`} aria-label={words.open(item.title)}>{item.title}</a> : item.title || item.path}</span>
            <span className="meta">
              {item.outcome !== "waiting" && <span className={item.outcome === "failed" ? "import-failed" : undefined}>{words.outcome(item)}</span>}
              {item.kind !== "story" && <span>{words.kind(item)}</span>}
              {item.draft && <span>{words.draft}</span>}
              {item.publishedAt && <time dateTime={item.publishedAt}>{item.publishedAt.slice(0, 10)}</time>}
              {item.reason && <span className="import-failed">{item.reason}</span>}
              {item.notes.map((note) => (
                <span key={note}>{note}</span>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {next && (
        <button className="btn btn-line" type="button" onClick={() => void more()}>
          {words.more}
        </button>
      )}
    </div>
  );
}
