"use client";
import { useEffect, useId, useRef, useState } from "react";
import type { ListVisibility, MyReadingList } from "@blog/api";
import { Field } from "@/components/field";
import { Icon } from "@/components/icons";
import type { Call } from "@/lib/browser";
import { createList, renewLink, updateList } from "@/lib/my-lists";
import { lists } from "@/messages/lists";

const words = lists.form;
const visibilities: readonly ListVisibility[] = ["private", "link", "public"];

interface ListFormProps {
  /** Undefined: a new one. */
  list?: MyReadingList;
  /** It was made, saved, or got a new link. */
  onChanged: (list: MyReadingList) => void;
  onDelete?: () => void;
  onClose: () => void;
}

/** Name, description, who can see it, and its link. */
export function ListForm({ list, onChanged, onDelete, onClose }: ListFormProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [present, setPresent] = useState(list);
  const [form, setForm] = useState({ name: list?.name ?? "", description: list?.description ?? "", visibility: list?.visibility ?? ("private" as ListVisibility) });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(() => crypto.randomUUID());
  useEffect(() => dialog.current?.showModal(), []);

  const tell = (answer: Exclude<Call<unknown>, { kind: "done" }>) => {
    if (answer.kind === "refused" || answer.kind === "conflict") {
      setErrors(answer.refusal.fields);
      setTrouble(Object.keys(answer.refusal.fields).length > 0 ? undefined : answer.refusal.detail);
    } else setTrouble(lists.list.failed);
  };

  const save = async () => {
    setBusy(true);
    const answer = await (present ? updateList(present.id, form, present.revision) : createList(form, key));
    setBusy(false);
    if (answer.kind === "done") {
      onChanged(answer.value);
      // Shared a moment ago: the form stays and shows the link.
      if (!present || answer.value.visibility === "private" || answer.value.visibility === present.visibility) return onClose();
      setTrouble(undefined);
      return setPresent(answer.value);
    }
    // What was refused may be sent again otherwise filled in; that is another command.
    if (answer.kind !== "unreachable") setKey(crypto.randomUUID());
    if (answer.kind === "conflict" && answer.current) {
      setPresent(answer.current as MyReadingList);
      return setTrouble(lists.list.stale);
    }
    tell(answer);
  };

  const renew = async () => {
    if (!present) return;
    const answer = await renewLink(present.id);
    if (answer.kind !== "done") return tell(answer);
    onChanged(answer.value);
    setPresent(answer.value);
    setTrouble(words.renewed);
  };

  return (
    <dialog className="dialog list-form" ref={dialog} aria-labelledby={id} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2 className="dialog-title" id={id}>
          {list ? words.edit : words.create}
        </h2>
        {trouble && (
          <p className="said" role="status">
            {trouble}
          </p>
        )}
        <div className="stack">
          <Field label={words.name} error={errors.name}>
            {(attributes) => (
              <input className="input" {...attributes} value={form.name} maxLength={100} required autoFocus={!list} onChange={(event) => setForm({ ...form, name: event.target.value })} />
            )}
          </Field>
          <Field label={words.description} hint={words.descriptionHint} error={errors.description}>
            {(attributes) => (
              <textarea className="input" {...attributes} rows={2} value={form.description} maxLength={500} onChange={(event) => setForm({ ...form, description: event.target.value })} />
            )}
          </Field>
          <fieldset className="choices">
            <legend className="label">{words.visibility}</legend>
            {visibilities.map((visibility) => (
              <label key={visibility} className="choice">
                <input type="radio" name={`${id}-visibility`} checked={form.visibility === visibility} onChange={() => setForm({ ...form, visibility })} />
                <span>
                  {lists.visibility[visibility]}
                  <span className="meta">{lists.visibilityHint[visibility]}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {form.visibility !== "private" &&
            (present?.url && present.visibility === form.visibility ? (
              <Link url={present.url} onRenew={present.visibility === "link" ? () => void renew() : undefined} />
            ) : (
              <p className="meta">{words.linkAfter}</p>
            ))}
        </div>
        <div className="row">
          {onDelete && (
            <button className="btn btn-danger first" type="button" onClick={onDelete}>
              {words.remove}
            </button>
          )}
          <button className="btn btn-bare" type="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button className="btn btn-main" type="submit" disabled={busy}>
            {list ? words.save : words.make}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Link({ url, onRenew }: { url: string; onRenew?: () => void }) {
  const [copied, setCopied] = useState(false);
  const address = new URL(url, location.origin).href;
  return (
    <div className="field">
      <Field label={words.link}>{(attributes) => <input className="input" {...attributes} value={address} readOnly onFocus={(event) => event.target.select()} />}</Field>
      <div className="row">
        <button
          className="btn btn-line"
          type="button"
          onClick={() =>
            void navigator.clipboard?.writeText(address).then(() => {
              setCopied(true);
              setTimeout(() => setCopied(false), 2000);
            })
          }
        >
          <Icon name="link" small />
          <span aria-live="polite">{copied ? words.copied : words.copy}</span>
        </button>
        {onRenew && (
          <button className="btn btn-bare" type="button" onClick={onRenew}>
            {words.renew}
          </button>
        )}
      </div>
    </div>
  );
}
