"use client";
import { useEffect, useState } from "react";
import type { MySeries } from "@blog/api";
import { Field } from "@/components/field";
import { said } from "@/components/use-loaded";
import { createSeries, listSeries, putIntoSeries } from "@/lib/my-series";
import { series } from "@/messages/series";

const words = series.choose;
const fresh = "new";

/** The series a story is in, chosen or made where one publishes; it takes effect at once. */
export function ChooseSeries({ articleId, chosen }: { articleId: string; chosen: string | null }) {
  const [all, setAll] = useState<readonly MySeries[]>();
  const [current, setCurrent] = useState(chosen ?? "");
  const [name, setName] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [done, setDone] = useState(false);

  useEffect(() => {
    void listSeries().then((answer) => {
      if (answer.kind === "done") {
        setAll(answer.value.items);
        setCurrent(answer.value.items.find(({ parts }) => parts.some((part) => part.articleId === articleId))?.id ?? "");
      }
    });
  }, [articleId]);

  const put = async (id: string) => {
    const before = current;
    setCurrent(id);
    const answer = await putIntoSeries(articleId, id || null);
    if (answer.kind === "done") {
      setError(undefined);
      return setDone(true);
    }
    setCurrent(before);
    setError(said(answer, words.failed)?.text || words.failed);
  };

  const make = async () => {
    setBusy(true);
    const answer = await createSeries(name ?? "");
    setBusy(false);
    if (answer.kind !== "done") {
      const refused = said(answer, words.failed);
      return setError(refused?.fields.title ?? refused?.text);
    }
    setAll([answer.value, ...(all ?? [])]);
    setName(undefined);
    await put(answer.value.id);
  };

  // Of a story that is in a co-author's series, and while the list is on its way.
  if (!all) return null;
  return (
    <div className="stack">
      <Field label={words.label} hint={done ? words.saved : words.hint} error={name === undefined ? error : undefined}>
        {(attributes) => (
          <select
            {...attributes}
            className="input"
            value={name === undefined ? current : fresh}
            onChange={({ target: { value } }) => {
              setDone(false);
              setError(undefined);
              if (value === fresh) return setName("");
              setName(undefined);
              void put(value);
            }}
          >
            <option value="">{words.none}</option>
            {all.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
            <option value={fresh}>{words.make}</option>
          </select>
        )}
      </Field>
      {name !== undefined && (
        <>
          <Field label={words.name} error={error}>
            {(attributes) => (
              <input
                {...attributes}
                className="input"
                maxLength={120}
                value={name}
                autoFocus
                onChange={(event) => setName(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
                  event.preventDefault();
                  void make();
                }}
              />
            )}
          </Field>
          <p className="row">
            <button className="btn btn-line" type="button" disabled={busy} onClick={() => void make()}>
              {words.create}
            </button>
            <button className="btn btn-bare" type="button" onClick={() => { setName(undefined); setError(undefined); }}>
              {words.cancel}
            </button>
          </p>
        </>
      )}
    </div>
  );
}
