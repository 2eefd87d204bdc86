"use client";
import { useEffect, useState } from "react";
import type { Profile } from "@blog/api";
import { Frame } from "@/components/frame";
import { SignInCard } from "@/components/writing/gate";
import { getMe } from "@/lib/my-profile";
import { writing } from "@/messages/writing";
import { ErrorScreen } from "@/components/screen";
import { ProfileEditor } from "./profile-editor";
import { Subscribers } from "./subscribers";
import { SettingsNav } from "./settings-nav";

const words = writing.settings;

type Loaded = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | { kind: "ready"; profile: Profile };

export function SettingsPage() {
  const [loaded, setLoaded] = useState<Loaded>({ kind: "loading" });

  useEffect(() => {
    void getMe().then((answer) => {
      if (answer.kind === "done") setLoaded({ kind: "ready", profile: answer.value });
      else setLoaded({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
    });
  }, []);

  return (
    <Frame path="/settings">
      <main id="main" className="frame" tabIndex={-1}>
        {loaded.kind === "signedOut" && <SignInCard title={writing.signIn.settings} path="/settings" />}
        {loaded.kind === "failed" && <ErrorScreen title={writing.wrong.title} text={writing.stories.failedText} again />}
        {(loaded.kind === "loading" || loaded.kind === "ready") && (
          <div className="column">
            <header className="page-head">
              <h1 className="page-title">{words.title}</h1>
              <p className="standfirst">{words.standfirst}</p>
            </header>
            <SettingsNav here="profile" />
            {loaded.kind === "ready" ? <ProfileEditor initial={loaded.profile} /> : <Waiting />}
            {loaded.kind === "ready" && <Subscribers />}
          </div>
        )}
      </main>
    </Frame>
  );
}

function Waiting() {
  return (
    <div className="settings" aria-busy="true" aria-label={words.loading} role="group">
      {[0, 1, 2].map((row) => (
        <div className="field" key={row}>
          <span className="skel w-3 h-s" />
          <span className="skel w-10 h-input" />
        </div>
      ))}
    </div>
  );
}
