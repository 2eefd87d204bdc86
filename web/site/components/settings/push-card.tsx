"use client";
import { useEffect, useState } from "react";
import { pushState, turnPushOff, turnPushOn, type PushState } from "@/lib/push";
import { push as words } from "@/messages/push";

/** Notifications in this browser. The browser asks only after the button was pressed. */
export function PushCard() {
  const [state, setState] = useState<PushState | "failed">();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    void pushState().then(setState);
  }, []);
  const turn = async (change: () => Promise<PushState | "failed">) => {
    setBusy(true);
    setState(await change());
    setBusy(false);
  };
  if (!state) return null;
  return (
    <section className="settings" aria-labelledby="this-browser">
      <div>
        <h2 className="label" id="this-browser">
          {words.title}
        </h2>
        <p className="meta" role="status">
          {words.states[state]}
        </p>
        {(state === "off" || state === "failed") && (
          <button className="btn btn-line" type="button" disabled={busy} onClick={() => void turn(turnPushOn)}>
            {words.turnOn}
          </button>
        )}
        {state === "on" && (
          <button className="btn btn-line" type="button" disabled={busy} onClick={() => void turn(turnPushOff)}>
            {words.turnOff}
          </button>
        )}
      </div>
    </section>
  );
}
