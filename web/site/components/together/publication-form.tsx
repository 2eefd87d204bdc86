"use client";
import { useState, type FormEvent } from "react";
import { Field } from "@/components/field";
import { Icon } from "@/components/icons";
import { Notice } from "@/components/notice";
import { PictureField } from "@/components/writing/picture-field";
import type { Call } from "@/lib/browser";
import type { PublicationForm as Form } from "@/lib/my-publications";
import { publications } from "@/messages/publications";
import { said } from "@/components/use-loaded";

const words = publications.form;

interface Props<T> {
  initial: Form;
  action: string;
  send: (form: Form) => Promise<Call<T>>;
  onDone: (value: T) => void;
}

/** What a publication says of itself; what was typed stays until it is stored. */
export function PublicationForm<T>({ initial, action, send, onDone }: Props<T>) {
  const [form, setForm] = useState(initial);
  const [problem, setProblem] = useState<{ text: string; fields: Record<string, string> }>();
  const [state, setState] = useState<"idle" | "saving" | "saved">("idle");
  const change = (patch: Partial<Form>) => {
    setForm((old) => ({ ...old, ...patch }));
    setState("idle");
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setState("saving");
    const answer = await send(form);
    setProblem(answer.kind === "conflict" && answer.current ? { text: words.stale, fields: {} } : said(answer, publications.unreachable));
    setState(answer.kind === "done" ? "saved" : "idle");
    if (answer.kind === "done") onDone(answer.value);
  };
  const fields = problem?.fields ?? {};
  return (
    <form className="settings" onSubmit={(event) => void submit(event)} noValidate>
      <PictureField
        words={words.picture}
        name={form.name}
        url={form.pictureMediaId ? `/media/${form.pictureMediaId}` : null}
        error={fields.pictureMediaId}
        onChange={(pictureMediaId) => change({ pictureMediaId })}
      />
      <Field label={words.name} error={fields.name}>
        {(attributes) => <input {...attributes} className="input" value={form.name} onChange={(event) => change({ name: event.target.value })} />}
      </Field>
      <Field label={words.slug} hint={words.slugHint(form.slug)} error={fields.slug}>
        {(attributes) => (
          <input {...attributes} className="input" autoCapitalize="off" spellCheck={false} value={form.slug} onChange={(event) => change({ slug: event.target.value.trim().toLowerCase() })} />
        )}
      </Field>
      <Field label={words.description} hint={words.descriptionHint} error={fields.description}>
        {(attributes) => <textarea {...attributes} className="input" rows={3} value={form.description} onChange={(event) => change({ description: event.target.value })} />}
      </Field>
      {problem && <Notice danger title={publications.problem} text={problem.text || Object.values(fields).join(" ")} />}
      <div className="settings-foot">
        <button className="btn btn-main" type="submit" disabled={state === "saving"}>
          {state === "saving" ? words.saving : action}
        </button>
        {state === "saved" && (
          <p className="state" role="status">
            <Icon name="check" small />
            {words.saved}
          </p>
        )}
      </div>
    </form>
  );
}
