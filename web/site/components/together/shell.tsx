import type { ReactNode } from "react";
import { Frame } from "@/components/frame";
import { Failed } from "@/components/notice";
import { SignInCard } from "@/components/writing/gate";
import { publications as words } from "@/messages/publications";
import { PeopleSkeleton } from "./skeleton";
import type { Loaded } from "@/components/use-loaded";

interface ShellProps<T> {
  path: string;
  state: Loaded<T>;
  load: () => Promise<void>;
  signIn: string;
  missing: { title: string; text: string };
  children: (value: T) => ReactNode;
}

/** A page of the signed-in: what it shows, or why it cannot. */
export function Shell<T>({ path, state, load, signIn, missing, children }: ShellProps<T>) {
  return (
    <Frame path={path}>
      <main id="main" className="frame" tabIndex={-1}>
        {state.kind === "signedOut" ? (
          <SignInCard title={signIn} path={path} />
        ) : (
          <div className="column">
            {state.kind === "loading" && <PeopleSkeleton label={words.loading} />}
            {state.kind === "failed" && <Failed words={words} onAgain={() => void load()} />}
            {state.kind === "missing" && (
              <div className="empty">
                <h1 className="empty-title">{missing.title}</h1>
                <p>{missing.text}</p>
              </div>
            )}
            {state.kind === "shown" && children(state.value)}
          </div>
        )}
      </main>
    </Frame>
  );
}
