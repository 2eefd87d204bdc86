import { useState, type FormEvent, type ReactNode } from "react";
import type { Author } from "@blog/api";
import { Field } from "@/components/field";
import { said } from "@/components/use-loaded";
import type { Call } from "@/lib/browser";
import { together } from "@/messages/together";

const words = together.invite;

interface InviteFormProps {
  title: string;
  send: (handle: string) => Promise<Call<{ person: Author }>>;
  onSent: (name: string) => void;
  unreachable: string;
  /** What else is asked, below the handle. */
  children?: ReactNode;
}

/** Asks somebody by their handle; what was typed stays until it was sent. */
export function InviteForm({ title, send, onSent, unreachable, children }: InviteFormProps) {
  const [handle, setHandle] = useState("");
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await send(handle);
    setBusy(false);
    if (answer.kind === "done") {
      setHandle("");
      setError(undefined);
      return onSent(answer.value.person.name);
    }
    const refused = said(answer, unreachable);
    setError(answer.kind === "missing" ? words.nobody : (refused?.fields.handle ?? refused?.text));
  };
  return (
    <section className="relations" aria-labelledby="invite">
      <h2 className="section-title" id="invite">
        {title}
      </h2>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <Field label={words.handle} hint={words.handleHint} error={error}>
          {(attributes) => (
            <input {...attributes} className="input" required maxLength={60} autoCapitalize="off" autoComplete="off" spellCheck={false} value={handle} onChange={(event) => setHandle(event.target.value)} />
          )}
        </Field>
        {children}
        <p className="row">
          <button className="btn btn-main" type="submit" disabled={busy}>
            {busy ? words.sending : words.send}
          </button>
        </p>
      </form>
    </section>
  );
}
