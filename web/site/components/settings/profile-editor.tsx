"use client";
import { useState, type FormEvent } from "react";
import type { Profile } from "@blog/api";
import { Field } from "@/components/field";
import { Icon } from "@/components/icons";
import { Notice } from "@/components/notice";
import { signInAddress } from "@/components/session-links";
import { PictureField } from "@/components/writing/picture-field";
import { saveMe, type ProfileForm } from "@/lib/my-profile";
import { sayRefusal } from "@/lib/writing/draft-api";
import { writing } from "@/messages/writing";

const words = writing.settings;

type Said =
  | { kind: "nothing" | "saving" | "saved" | "unreachable" | "stale" | "signedOut" }
  | { kind: "refused"; detail: string; fields: Record<string, string> };

const formOf = (profile: Profile): ProfileForm => ({
  name: profile.name,
  handle: profile.handle,
  bio: profile.bio,
  avatarMediaId: undefined,
  links: profile.links.map(({ label, url }) => ({ label, url })),
});

export function ProfileEditor({ initial }: { initial: Profile }) {
  const [profile, setProfile] = useState(initial);
  const [form, setForm] = useState(() => formOf(initial));
  const [said, setSaid] = useState<Said>({ kind: "nothing" });
  const change = (patch: Partial<ProfileForm>) => {
    setForm((old) => ({ ...old, ...patch }));
    if (said.kind === "saved") setSaid({ kind: "nothing" });
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setSaid({ kind: "saving" });
    const answer = await saveMe(form, profile);
    switch (answer.kind) {
      case "done":
        setProfile(answer.value);
        setForm(formOf(answer.value));
        return setSaid({ kind: "saved" });
      case "conflict":
        if (!answer.current) return setSaid({ kind: "refused", ...answer.refusal });
        setProfile(answer.current as Profile);
        return setSaid({ kind: "stale" });
      case "refused":
        return setSaid({ kind: "refused", ...answer.refusal });
      case "signedOut":
        return setSaid({ kind: "signedOut" });
      default:
        return setSaid({ kind: "unreachable" });
    }
  };

  const fields = said.kind === "refused" ? said.fields : {};
  const avatarUrl = form.avatarMediaId === undefined ? profile.avatarUrl : form.avatarMediaId ? `/media/${form.avatarMediaId}` : null;
  return (
    <form className="settings" onSubmit={(event) => void save(event)} noValidate>
      <PictureField words={words.picture} name={form.name} url={avatarUrl} error={fields.avatarMediaId} onChange={(avatarMediaId) => change({ avatarMediaId })} />
      <Field label={words.name} error={fields.name}>
        {(attributes) => <input {...attributes} className="input" autoComplete="name" value={form.name} onChange={(event) => change({ name: event.target.value })} />}
      </Field>
      <Field label={words.handle} hint={words.handleHint(form.handle)} error={fields.handle}>
        {(attributes) => (
          <input
            {...attributes}
            className="input"
            autoComplete="username"
            autoCapitalize="off"
            spellCheck={false}
            value={form.handle}
            onChange={(event) => change({ handle: event.target.value.trim() })}
          />
        )}
      </Field>
      <Field label={words.bio} hint={words.bioHint} error={fields.bio}>
        {(attributes) => <textarea {...attributes} className="input" rows={3} value={form.bio} onChange={(event) => change({ bio: event.target.value })} />}
      </Field>
      <Links links={form.links} error={fields.links ?? Object.entries(fields).find(([name]) => /^(label|url|links)/.test(name))?.[1]} onChange={(links) => change({ links })} />
      <Outcome said={said} />
      <div className="settings-foot">
        <button className="btn btn-main" type="submit" disabled={said.kind === "saving"}>
          {said.kind === "saving" ? words.saving : words.save}
        </button>
        {said.kind === "saved" && (
          <p className="state" role="status">
            <Icon name="check" small />
            {words.saved}
          </p>
        )}
        <a className="btn btn-bare" href={`/@${profile.handle}`}>
          {words.seePage}
        </a>
      </div>
    </form>
  );
}

function Outcome({ said }: { said: Said }) {
  switch (said.kind) {
    case "unreachable":
      return <Notice danger title={words.failed} text={words.failedText} />;
    case "stale":
      return <Notice title={words.stale} text={words.staleText} />;
    case "refused":
      return <Notice danger title={words.check} text={sayRefusal(said)} />;
    case "signedOut":
      return (
        <Notice title={writing.notice.signedOut} text={writing.signIn.text}>
          <a className="btn btn-main" href={signInAddress("/settings")}>
            {writing.notice.signInAgain}
          </a>
        </Notice>
      );
    default:
      return null;
  }
}

function Links({ links, error, onChange }: { links: ProfileForm["links"]; error?: string; onChange: (links: ProfileForm["links"]) => void }) {
  const change = (index: number, patch: Partial<ProfileForm["links"][number]>) => onChange(links.map((link, at) => (at === index ? { ...link, ...patch } : link)));
  return (
    <fieldset className={error ? "field-error" : undefined}>
      <legend className="label">{words.links}</legend>
      {links.map((link, index) => (
        <div className="link-row" key={index}>
          <input className="input" aria-label={words.linkLabel(index + 1)} placeholder={words.labelHint} value={link.label} onChange={(event) => change(index, { label: event.target.value })} />
          <input
            className="input"
            type="url"
            inputMode="url"
            aria-label={words.linkUrl(index + 1)}
            placeholder="https://"
            value={link.url}
            onChange={(event) => change(index, { url: event.target.value })}
          />
          <button className="btn btn-icon" type="button" aria-label={words.removeLink(index + 1)} onClick={() => onChange(links.filter((_, at) => at !== index))}>
            <Icon name="close" small />
          </button>
        </div>
      ))}
      {error && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <button className="btn-text" type="button" onClick={() => onChange([...links, { label: "", url: "" }])}>
        {words.addLink}
      </button>
    </fieldset>
  );
}
