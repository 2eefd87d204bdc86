import type { ComponentProps, ReactNode } from "react";
import { Frame } from "@/components/frame";
import { ErrorScreen } from "@/components/screen";
import type { Loaded } from "@/components/use-loaded";
import { SignInCard } from "@/components/writing/gate";
import { writing } from "@/messages/writing";
import { SettingsNav } from "./settings-nav";

export interface SettingsPlace {
  here: ComponentProps<typeof SettingsNav>["here"];
  words: { title: string; standfirst: string };
}

interface SettingsFrameProps<T> extends SettingsPlace {
  path: string;
  words: SettingsPlace["words"] & { loading: string };
  signIn: string;
  failedText: string;
  /** How many fields are hinted at while they come. */
  rows: number;
  state: Loaded<T>;
  children: (value: T) => ReactNode;
}

/** A page of settings: what it shows, or why it cannot. */
export function SettingsFrame<T>({ here, path, words, signIn, failedText, rows, state, children }: SettingsFrameProps<T>) {
  return (
    <Frame path={path}>
      <main id="main" className="frame" tabIndex={-1}>
        {state.kind === "signedOut" && <SignInCard title={signIn} path={path} />}
        {(state.kind === "failed" || state.kind === "missing") && <ErrorScreen title={writing.wrong.title} text={failedText} again />}
        {(state.kind === "loading" || state.kind === "shown") && (
          <div className="column">
            <SettingsHead here={here} words={words} />
            {state.kind === "shown" ? children(state.value) : <Waiting label={words.loading} rows={rows} />}
          </div>
        )}
      </main>
    </Frame>
  );
}

/** The title of a page of settings, and the way to the others. */
export function SettingsHead({ here, words }: SettingsPlace) {
  return (
    <>
      <header className="page-head">
        <h1 className="page-title">{words.title}</h1>
        <p className="standfirst">{words.standfirst}</p>
      </header>
      <SettingsNav here={here} />
    </>
  );
}

function Waiting({ label, rows }: { label: string; rows: number }) {
  return (
    <div className="settings" aria-busy="true" aria-label={label} role="group">
      {Array.from({ length: rows }, (_, row) => (
        <div className="field" key={row}>
          <span className="skel w-3 h-s" />
          <span className="skel w-10 h-input" />
        </div>
      ))}
    </div>
  );
}
