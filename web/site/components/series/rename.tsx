"use client";
import { useState, type FormEvent } from "react";
import type { MySeries } from "@blog/api";
import { Field } from "@/components/field";
import { said } from "@/components/use-loaded";
import { saveSeries } from "@/lib/my-series";
import { series } from "@/messages/series";

const words = series.desk;

/** Name and description; what was typed stays until it is stored. */
export function Rename({ series: stored, onSaved, onCancel }: { series: MySeries; onSaved: (saved: MySeries) => void; onCancel: () => void }) {
  const [title, setTitle] = useState(stored.title);
  const [description, setDescription] = useState(stored.description);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ text: string; fields: Record<string, string> }>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await saveSeries({ ...stored, title, description });
    setBusy(false);
    if (answer.kind === "done") return onSaved(answer.value);
    setRefused(said(answer, words.didNot));
  };
  return (
    <form className="review-form" noValidate onSubmit={(event) => void submit(event)}>
      <Field label={words.name} error={refused && (refused.fields.title ?? (refused.fields.description ? undefined : refused.text))}>
        {(attributes) => <input {...attributes} className="input" required maxLength={120} value={title} autoFocus onChange={(event) => setTitle(event.target.value)} />}
      </Field>
      <Field label={words.description} hint={words.descriptionHint} error={refused?.fields.description}>
        {(attributes) => <textarea {...attributes} className="input" rows={2} maxLength={600} value={description} onChange={(event) => setDescription(event.target.value)} />}
      </Field>
      <p className="row">
        <button className="btn btn-main" type="submit" disabled={busy}>
          {busy ? words.saving : words.save}
        </button>
        <button className="btn btn-bare" type="button" onClick={onCancel}>
          {words.cancel}
        </button>
      </p>
    </form>
  );
}
