"use client";
import { useState } from "react";
import { Frame } from "@/components/frame";
import { createPublication } from "@/lib/my-publications";
import { publications } from "@/messages/publications";
import { go } from "./go";
import { PublicationForm } from "./publication-form";

const words = publications.form;

export function NewPublicationPage() {
  // One form makes one publication, however often it is sent.
  const [key] = useState(() => crypto.randomUUID());
  return (
    <Frame path="/me/publications/new">
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <h1 className="page-title">{words.newTitle}</h1>
            <p className="standfirst">{words.newText}</p>
          </header>
          <PublicationForm
            initial={{ name: "", slug: "", description: "", pictureMediaId: "" }}
            action={words.create}
            send={(form) => createPublication(form, key)}
            onDone={({ id }) => go(`/me/publications/${id}`)}
          />
        </div>
      </main>
    </Frame>
  );
}
