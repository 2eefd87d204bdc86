"use client";
import { useState, type FormEvent } from "react";
import { Field } from "@/components/field";
import { Icon } from "@/components/icons";
import { Notice } from "@/components/notice";
import { localField, onOwnClock, ownZone } from "@/lib/dates";
import { writing } from "@/messages/writing";

const words = writing.schedule;

/** Tomorrow at nine, on the writer's clock. */
function tomorrow(): number {
  const day = new Date();
  day.setDate(day.getDate() + 1);
  return day.setHours(9, 0, 0, 0);
}

const isToCome = (moment: Date | undefined): moment is Date => moment !== undefined && moment.getTime() > Date.now();

interface ScheduleProps {
  /** When it goes out by itself; null: never. */
  at: string | null;
  /** Why it did not go out at the time that was chosen last. */
  missed: string | null;
  error?: string;
  busy: boolean;
  /** Chooses a time, or (null) takes it back; true when that is done. */
  onChoose: (at: string | null) => Promise<boolean>;
}

/** The time at which a story goes out by itself: chosen, changed, taken back, on the writer's own clock. */
export function Schedule({ at, missed, error, busy, onChoose }: ScheduleProps) {
  const [typed, setTyped] = useState<string>();
  const [early, setEarly] = useState<string>();
  const choosing = typed !== undefined;
  const moment = typed ? new Date(typed) : undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const fine = isToCome(moment);
    setEarly(fine ? undefined : words.past);
    if (fine && (await onChoose(moment.toISOString()))) setTyped(undefined);
  };
  return (
    <section className="schedule" aria-labelledby="schedule">
      <h3 className="label" id="schedule">
        {words.title}
      </h3>
      {missed && <Notice danger title={words.missed} text={missed} />}
      {at && !choosing && (
        <p role="status">
          {words.goesOut} <time dateTime={at}>{onOwnClock(at)}</time>
          <span className="meta">{ownZone(at)}</span>
        </p>
      )}
      {choosing ? (
        <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
          <Field label={words.when} hint={words.zone(ownZone(moment && !Number.isNaN(moment.getTime()) ? moment.toISOString() : new Date().toISOString()))} error={early ?? error}>
            {(attributes) => <input {...attributes} className="input" type="datetime-local" value={typed} onChange={(event) => setTyped(event.target.value)} autoFocus />}
          </Field>
          <p className="row">
            <button className="btn btn-main" type="submit" disabled={busy}>
              {busy ? words.choosing : words.choose}
            </button>
            <button className="btn btn-bare" type="button" onClick={() => setTyped(undefined)}>
              {words.never}
            </button>
          </p>
        </form>
      ) : (
        <p className="row">
          <button className="btn btn-line" type="button" onClick={() => setTyped(localField(at ? Date.parse(at) : tomorrow()))}>
            <Icon name="clock" small />
            {at ? words.change : words.later}
          </button>
          {(at ?? missed) && (
            <button className="btn btn-line" type="button" disabled={busy} onClick={() => void onChoose(null)}>
              {at ? words.cancel : words.dismiss}
            </button>
          )}
        </p>
      )}
    </section>
  );
}
