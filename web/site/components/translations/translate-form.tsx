"use client";
import { useState, type FormEvent } from "react";
import { go } from "@/components/together/go";
import { said } from "@/components/use-loaded";
import { translate } from "@/lib/my-translations";
import { translations } from "@/messages/translations";
import { LanguageField } from "./language-field";

const words = translations.page;

interface TranslateFormProps {
  id: string;
  /** The language of the story, when it was said just now. */
  source: string;
  onSourceError: (error: string | undefined) => void;
  onProblem: (problem: string | undefined) => void;
}

/** Begins a draft in another language, and goes there. */
export function TranslateForm({ id, source, onSourceError, onProblem }: TranslateFormProps) {
  const [language, setLanguage] = useState("");
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await translate(id, language, source);
    if (answer.kind === "done") return go(`/write/${answer.value.id}`);
    setBusy(false);
    const refused = said(answer, words.unreachable);
    setError(refused?.fields.language);
    onSourceError(refused?.fields.sourceLanguage);
    onProblem(refused?.fields.language || refused?.fields.sourceLanguage ? undefined : refused?.text);
  };

  return (
    <form className="languages-form" aria-labelledby="translate" onSubmit={(event) => void submit(event)}>
      <h2 className="section-title" id="translate">
        {words.translate}
      </h2>
      <LanguageField
        label={words.into}
        hint={words.intoHint}
        error={error}
        value={language}
        onChange={(tag) => {
          setLanguage(tag);
          setError(undefined);
        }}
      />
      <p className="row">
        <button className="btn btn-main" type="submit" disabled={busy}>
          {busy ? words.starting : words.start}
        </button>
      </p>
    </form>
  );
}
