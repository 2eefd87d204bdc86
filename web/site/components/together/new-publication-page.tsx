"use client";
import { useState } from "react";
import { Frame } from "@/components/frame";
import { useHydrated } from "@/lib/hydrated";
import { createPublication } from "@/lib/my-publications";
import { publications } from "@/messages/publications";
import { go } from "./go";
import { PublicationForm } from "./publication-form";
import { PeopleSkeleton } from "./skeleton";

const words = publications.form;

export function NewPublicationPage() {
  // One form makes one publication, however often it is sent.
  const [key] = useState(() => crypto.randomUUID());
  const hydrated = useHydrated();
  return (
    <Frame path="/me/publications/new">
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <h1 className="page-title">{words.newTitle}</h1>
            <p className="standfirst">{words.newText}</p>
          </header>
          {hydrated ? (
            <PublicationForm
              initial={{ name: "", slug: "", description: "", pictureMediaId: "" }}
              action={words.create}
              send={(form) => createPublication(form, key)}
              onDone={({ id }) => go(`/me/publications/${id}`)}
            />
          ) : (
            <PeopleSkeleton label={publications.loading} />
          )}
        </div>
      </main>
    </Frame>
  );
}
