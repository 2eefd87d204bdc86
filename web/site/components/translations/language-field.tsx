"use client";
import { useMemo, useState } from "react";
import { Combobox } from "@/components/combobox";
import { Field } from "@/components/field";
import { bothNames, languageName, languageOf, languagesLike, ownName } from "@/lib/languages";
import { translations } from "@/messages/translations";

const words = translations.choose;

interface LanguageFieldProps {
  label: string;
  hint?: string;
  error?: string;
  /** BCP 47; empty: not known. */
  value: string;
  onChange: (tag: string) => void;
}

/** A language by its name in any of two languages, or by its tag. What is typed and no language stays, with a word about it. */
export function LanguageField({ label, hint, error, value, onChange }: LanguageFieldProps) {
  // Undefined: what the value is called.
  const [typed, setTyped] = useState<string>();
  const [unknown, setUnknown] = useState(false);
  const choices = useMemo(() => languagesLike(typed ?? "").map((tag) => ({ id: tag, label: <span lang={tag}>{ownName(tag)}</span>, detail: languageName(tag) })), [typed]);

  const choose = (tag: string) => {
    setTyped(undefined);
    setUnknown(false);
    onChange(tag);
  };
  const settle = () => {
    if (typed === undefined) return;
    const tag = languageOf(typed);
    if (tag || !typed.trim()) choose(tag);
    else setUnknown(true);
  };

  return (
    <Field label={label} hint={hint} error={unknown ? words.unknown : error}>
      {(attributes) => (
        <Combobox
          attributes={attributes}
          text={typed ?? (value && bothNames(value))}
          choices={choices}
          list={words.list}
          said={translations.list.said}
          placeholder={words.placeholder}
          maxLength={60}
          onType={(text) => {
            setTyped(text);
            setUnknown(false);
          }}
          onChoose={({ id }) => choose(id)}
          onEnter={settle}
          onLeave={settle}
        />
      )}
    </Field>
  );
}
