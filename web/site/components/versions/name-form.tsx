"use client";
import { useId, useState, type FormEvent } from "react";
import type { ArticleRevision } from "@blog/api";
import { nameVersion } from "@/lib/my-versions";
import { sayRefusal } from "@/lib/writing/draft-api";
import { versions as words } from "@/messages/versions";

/** Gives a version a name; what was typed stays when it was refused. */
export function NameForm({ id, version, onNamed, onCancel }: { id: string; version: ArticleRevision; onNamed: (named: ArticleRevision) => void; onCancel: () => void }) {
  const [name, setName] = useState(version.name);
  const [problem, setProblem] = useState<string>();
  const field = useId();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await nameVersion(id, version.number, name);
    if (answer.kind === "done") onNamed(answer.value);
    else setProblem(answer.kind === "refused" ? sayRefusal(answer.refusal) : answer.kind === "missing" ? words.gone : words.wrong.failedText);
  };
  return (
    <form className="name-form" onSubmit={(event) => void save(event)}>
      <label htmlFor={field}>{words.nameLabel}</label>
      <input
        className="input"
        id={field}
        value={name}
        autoFocus
        maxLength={200}
        aria-describedby={`${field}-hint`}
        aria-invalid={problem ? true : undefined}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onCancel()}
      />
      <p className={problem ? "error" : "meta"} id={`${field}-hint`} role={problem ? "alert" : undefined}>
        {problem ?? words.nameHint}
      </p>
      <div className="row">
        <button className="btn btn-main" type="submit">
          {words.save}
        </button>
        <button className="btn btn-bare" type="button" onClick={onCancel}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
