"use client";
import { useEffect, useState, type FormEvent } from "react";
import type { EmailCadence, MutedArticle, NotificationChannel, NotificationKind, NotificationPreferences } from "@blog/api";
import { Field } from "@/components/field";
import { Icon } from "@/components/icons";
import { Notice } from "@/components/notice";
import { useLoaded } from "@/components/use-loaded";
import type { Call } from "@/lib/browser";
import { getPreferences, listMuted, savePreferences, unmuteStory } from "@/lib/my-notifications";
import { sayRefusal } from "@/lib/writing/draft-api";
import { notifications } from "@/messages/notifications";
import { PushCard } from "./push-card";
import { SettingsFrame } from "./settings-frame";

const words = notifications.settings;
const kinds = Object.keys(words.kinds) as NotificationKind[];
const channels = Object.keys(words.channels) as NotificationChannel[];
const cadences = Object.keys(words.cadences) as EmailCadence[];

type Said = { kind: "nothing" | "saving" | "saved" | "unreachable" | "stale" } | { kind: "refused"; detail: string; fields: Record<string, string> };

/** Who never chose is offered the clock of this device. */
async function getOffered(): Promise<Call<{ preferences: NotificationPreferences; zone: string }>> {
  const answer = await getPreferences();
  if (answer.kind !== "done") return answer;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { kind: "done", value: { preferences: answer.value.revision === 0 && zone ? { ...answer.value, timeZone: zone } : answer.value, zone } };
}

export function NotificationSettings() {
  const { state } = useLoaded(getOffered);
  return (
    <SettingsFrame here="notifications" path="/settings/notifications" words={words} signIn={words.signIn} failedText={notifications.failedText} rows={4} state={state}>
      {({ preferences, zone }) => (
        <>
          <Choices initial={preferences} device={zone} />
          <PushCard />
          <Muted />
        </>
      )}
    </SettingsFrame>
  );
}

function Choices({ initial, device }: { initial: NotificationPreferences; device: string }) {
  const [form, setForm] = useState(initial);
  const [said, setSaid] = useState<Said>({ kind: "nothing" });
  const change = (patch: Partial<NotificationPreferences>) => {
    setForm((old) => ({ ...old, ...patch }));
    setSaid({ kind: "nothing" });
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setSaid({ kind: "saving" });
    const answer = await savePreferences(form);
    switch (answer.kind) {
      case "done":
        setForm(answer.value);
        return setSaid({ kind: "saved" });
      case "conflict":
        if (answer.current) setForm(answer.current as NotificationPreferences);
        return setSaid({ kind: "stale" });
      case "refused":
        return setSaid({ kind: "refused", ...answer.refusal });
      default:
        return setSaid({ kind: "unreachable" });
    }
  };

  const fields = said.kind === "refused" ? said.fields : {};
  return (
    <form className="settings" onSubmit={(event) => void save(event)} noValidate>
      <Matrix form={form} onChange={(choices) => change({ choices })} />
      <fieldset>
        <legend className="label">{words.cadence}</legend>
        {cadences.map((cadence) => (
          <label className="pick" key={cadence}>
            <input type="radio" name="cadence" checked={form.emailCadence === cadence} onChange={() => change({ emailCadence: cadence })} />
            {words.cadences[cadence]}
            <span className="hint">{words.cadenceHints[cadence]}</span>
          </label>
        ))}
        {form.emailCadence !== "at_once" && (
          <div className="when-row">
            {form.emailCadence === "weekly" && (
              <Field label={words.day} error={fields.digestDay}>
                {(attributes) => (
                  <select {...attributes} className="input" value={form.digestDay} onChange={(event) => change({ digestDay: Number(event.target.value) })}>
                    {words.days.map((day, index) => (
                      <option key={day} value={index + 1}>
                        {day}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
            <Field label={words.hour} error={fields.digestHour}>
              {(attributes) => (
                <select {...attributes} className="input" value={form.digestHour} onChange={(event) => change({ digestHour: Number(event.target.value) })}>
                  {Array.from({ length: 24 }, (_, hour) => (
                    <option key={hour} value={hour}>{`${String(hour).padStart(2, "0")}:00`}</option>
                  ))}
                </select>
              )}
            </Field>
          </div>
        )}
      </fieldset>
      <fieldset>
        <legend className="label">{words.quiet}</legend>
        <label className="pick">
          <input type="checkbox" checked={form.quietHours !== null} onChange={(event) => change({ quietHours: event.target.checked ? { from: "22:00", to: "07:00" } : null })} />
          {words.quietUse}
          <span className="hint">{words.quietHint}</span>
        </label>
        {form.quietHours && (
          <div className="when-row">
            {(["from", "to"] as const).map((end) => (
              <Field key={end} label={words[end]} error={end === "to" ? fields.quietHours : undefined}>
                {(attributes) => (
                  <input
                    {...attributes}
                    className="input"
                    type="time"
                    required
                    value={form.quietHours?.[end] ?? ""}
                    onChange={(event) => change({ quietHours: { from: "", to: "", ...form.quietHours, [end]: event.target.value } })}
                  />
                )}
              </Field>
            ))}
          </div>
        )}
      </fieldset>
      <div>
        <Field label={words.zone} hint={words.zoneHint} error={fields.timeZone}>
          {(attributes) => (
            <select {...attributes} className="input" value={form.timeZone} onChange={(event) => change({ timeZone: event.target.value })}>
              {[...new Set([form.timeZone, device, "Etc/UTC", ...Intl.supportedValuesOf("timeZone")])].filter(Boolean).map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </select>
          )}
        </Field>
        {device && form.timeZone !== device && (
          <p className="zone-other">
            {words.zoneOther(device)}
            <button className="btn-text" type="button" onClick={() => change({ timeZone: device })}>
              {words.zoneUse}
            </button>
          </p>
        )}
      </div>
      {said.kind === "unreachable" && <Notice danger title={words.failed} text={notifications.failedText} />}
      {said.kind === "stale" && <Notice title={words.stale} text={words.staleText} />}
      {said.kind === "refused" && <Notice danger title={words.check} text={sayRefusal(said)} />}
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
      </div>
    </form>
  );
}

function Matrix({ form, onChange }: { form: NotificationPreferences; onChange: (choices: NotificationPreferences["choices"]) => void }) {
  const isOn = (kind: NotificationKind, channel: NotificationChannel) => form.choices.some((choice) => choice.kind === kind && choice.channel === channel && choice.enabled);
  const toggle = (kind: NotificationKind, channel: NotificationChannel, enabled: boolean) =>
    onChange(form.choices.map((choice) => (choice.kind === kind && choice.channel === channel ? { ...choice, enabled } : choice)));
  return (
    <div>
      <h2 className="label">{words.matrix}</h2>
      <table className="choices">
        <thead>
          <tr>
            <td />
            {channels.map((channel) => (
              <th key={channel} scope="col">
                {words.channels[channel]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind}>
              <th scope="row">
                {words.kinds[kind][0]}
                <span>{words.kinds[kind][1]}</span>
              </th>
              {channels.map((channel) => (
                <td key={channel}>
                  <label className="tick">
                    <span className="sr">{`${words.kinds[kind][0]}, ${words.channelLabel[channel]}`}</span>
                    <input type="checkbox" checked={isOn(kind, channel)} onChange={(event) => toggle(kind, channel, event.target.checked)} />
                  </label>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Muted() {
  const [items, setItems] = useState<readonly MutedArticle[]>();
  const [next, setNext] = useState<string | null>(null);
  const load = async (token?: string) => {
    const answer = await listMuted(token);
    if (answer.kind !== "done") return;
    setItems((old) => [...(token ? (old ?? []) : []), ...answer.value.items]);
    setNext(answer.value.nextPageToken);
  };
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- personal, so it comes after the page
    void load();
  }, []);
  if (!items) return null;
  return (
    <section className="settings" aria-labelledby="muted-stories">
      <div>
        <h2 className="label" id="muted-stories">
          {words.mutedTitle}
        </h2>
        {items.length === 0 && <p className="meta">{words.mutedNone}</p>}
        {items.map(({ id, title, url }) => (
          <p className="muted-row" key={id}>
            {url ? <a href={url}>{title}</a> : <span>{title}</span>}
            <button
              className="btn btn-bare"
              type="button"
              aria-label={`${words.unmute}: ${title}`}
              onClick={() => void unmuteStory(id).then(({ kind }) => kind === "done" && setItems((old) => old?.filter((item) => item.id !== id)))}
            >
              {words.unmute}
            </button>
          </p>
        ))}
        {next && (
          <p className="pager">
            <button className="btn btn-line" type="button" onClick={() => void load(next)}>
              {notifications.more}
            </button>
          </p>
        )}
      </div>
    </section>
  );
}
