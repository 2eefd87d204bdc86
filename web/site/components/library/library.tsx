"use client";
import type { ReactNode } from "react";
import { Frame } from "@/components/frame";
import { Failed } from "@/components/notice";
import { SignInCard } from "@/components/writing/gate";
import { lists } from "@/messages/lists";

const words = lists.library;
const tabs = [
  { tab: "saved", href: "/me/saved" },
  { tab: "lists", href: "/me/lists" },
  { tab: "history", href: "/me/history" },
] as const;

export type Tab = (typeof tabs)[number]["tab"];

/** The frame of everything that is kept: title, tabs, and what came of loading. */
export function Library({ tab, state, onAgain, children }: { tab: Tab; state: "loading" | "signedOut" | "failed" | "shown"; onAgain: () => void; children: ReactNode }) {
  const path = tabs.find((known) => known.tab === tab)?.href ?? "/me/lists";
  return (
    <Frame path={path} place="library">
      <main id="main" className="frame" tabIndex={-1}>
        {state === "signedOut" ? (
          <SignInCard title={words.signIn} text={words.signInText} path={path} />
        ) : (
          <div className="column">
            <header className="page-head">
              <h1 className="page-title">{words.title}</h1>
            </header>
            <nav className="tabs" aria-label={words.title}>
              {tabs.map(({ tab: own, href }) => (
                <a key={own} href={href} aria-current={own === tab ? "page" : undefined}>
                  {words.tabs[own]}
                </a>
              ))}
            </nav>
            {state === "loading" && <Waiting />}
            {state === "failed" && <Failed words={words} onAgain={onAgain} />}
            {state === "shown" && children}
          </div>
        )}
      </main>
    </Frame>
  );
}

export function Waiting() {
  return (
    <div aria-busy="true" aria-label={words.loading} role="group">
      {[0, 1, 2].map((row) => (
        <div className="kept" key={row}>
          <div className="kept-main">
            <span className="skel w-8 h-t" />
            <span className="skel w-4 h-s" />
          </div>
        </div>
      ))}
    </div>
  );
}

/** A message with a way back; it goes by itself. */
export interface Said {
  text: string;
  undo?: () => void;
}
