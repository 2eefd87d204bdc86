"use client";
import { useRef, useState, type FormEvent } from "react";
import type { DraftLink, NewDraftLink } from "@blog/api";
import { Field } from "@/components/field";
import { said } from "@/components/use-loaded";
import { When } from "@/components/when";
import { fullDate } from "@/lib/dates";
import { createLink, revokeLink } from "@/lib/my-reviews";
import { reviews } from "@/messages/reviews";

const words = reviews.desk;

interface LinksProps {
  id: string;
  links: readonly DraftLink[];
  now: number;
  onChange: () => Promise<void>;
  onSaid: (text: string) => void;
}

const days = { never: 0, week: 7, month: 30 } as const;
type Expiry = keyof typeof days;

/** The links that open the draft: made, copied once, revoked. */
export function Links({ id, links, now, onChange, onSaid }: LinksProps) {
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<NewDraftLink>();
  const revoke = async (link: DraftLink) => {
    const answer = await revokeLink(id, link.id);
    onSaid(answer.kind === "done" ? words.revokedNow(link.name) : words.unreachable);
    if (made?.link.id === link.id) setMade(undefined);
    await onChange();
  };
  return (
    <section aria-labelledby="links">
      <h2 className="section-title" id="links">
        {words.links}
      </h2>
      {made && <Made made={made} onSaid={onSaid} />}
      {links.length === 0 && !made && (
        <div className="empty">
          <h3 className="empty-title">{words.noLinks}</h3>
          <p>{words.noLinksText}</p>
        </div>
      )}
      <ul className="review-links">
        {links.map((link) => {
          const ended = link.expiresAt !== null && Date.parse(link.expiresAt) <= now;
          return (
            <li className="review-link" key={link.id}>
              <div>
                <b dir="auto">{link.name}</b>
                <p className="meta">
                  {link.canComment ? words.reads : words.readsOnly}
                  <span className="dot">
                    <When instant={link.createdAt} now={now} />
                  </span>
                  {link.revokedAt ? <span className="dot">{words.revoked}</span> : ended ? <span className="dot">{words.ended}</span> : link.expiresAt && <span className="dot">{`${words.until} ${fullDate(link.expiresAt)}`}</span>}
                </p>
              </div>
              {!link.revokedAt && !ended && (
                <button className="btn btn-bare" type="button" aria-label={words.revokeFor(link.name)} onClick={() => void revoke(link)}>
                  {words.revoke}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {making || (links.length === 0 && !made) ? (
        <NewLink
          id={id}
          onMade={(link) => {
            setMade(link);
            setMaking(false);
            void onChange();
          }}
          onCancel={links.length > 0 ? () => setMaking(false) : undefined}
        />
      ) : (
        <p className="row">
          <button className="btn btn-line" type="button" onClick={() => setMaking(true)}>
            {words.make}
          </button>
        </p>
      )}
    </section>
  );
}

/** The link itself, which is shown here and never again. */
function Made({ made: { link, url }, onSaid }: { made: NewDraftLink; onSaid: (text: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const address = new URL(url, location.origin).href;
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(address);
      onSaid(words.copied);
    } catch {
      onSaid(words.notCopied);
    }
  };
  return (
    <div className="review-made" role="status">
      <b>{words.made(link.name)}</b>
      <p>{words.madeText}</p>
      <input ref={field} className="input" readOnly aria-label={words.address} value={address} onFocus={(event) => event.target.select()} />
      <div className="row">
        <button className="btn btn-main" type="button" onClick={() => void copy()}>
          {words.copy}
        </button>
      </div>
    </div>
  );
}

function NewLink({ id, onMade, onCancel }: { id: string; onMade: (made: NewDraftLink) => void; onCancel?: () => void }) {
  const [name, setName] = useState("");
  const [canComment, setCanComment] = useState(true);
  const [expiry, setExpiry] = useState<Expiry>("never");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const expiresAt = days[expiry] ? new Date(Date.now() + days[expiry] * 86_400_000).toISOString() : null;
    const answer = await createLink(id, { name, canComment, expiresAt });
    setBusy(false);
    if (answer.kind === "done") return onMade(answer.value);
    const refused = said(answer, words.unreachable);
    setError(refused?.fields.name ?? refused?.text);
  };
  return (
    <form className="review-form" noValidate onSubmit={(event) => void submit(event)}>
      <Field label={words.name} hint={words.nameHint} error={error}>
        {(attributes) => <input {...attributes} className="input" required maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={words.expires}>
        {(attributes) => (
          <select {...attributes} className="input" value={expiry} onChange={(event) => setExpiry(event.target.value as Expiry)}>
            {(Object.keys(days) as Expiry[]).map((each) => (
              <option key={each} value={each}>
                {words.expiry[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <label className="review-check">
        <input type="checkbox" checked={canComment} onChange={(event) => setCanComment(event.target.checked)} />
        {words.canComment}
      </label>
      <p className="row">
        <button className="btn btn-main" type="submit" disabled={busy}>
          {busy ? words.making : words.make}
        </button>
        {onCancel && (
          <button className="btn btn-bare" type="button" onClick={onCancel}>
            {words.cancel}
          </button>
        )}
      </p>
    </form>
  );
}
