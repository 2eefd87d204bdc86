"use client";
import { useEffect, useState, type FormEvent } from "react";
import type { MyArticle } from "@blog/api";
import { Combobox } from "@/components/combobox";
import { Field } from "@/components/field";
import { said } from "@/components/use-loaded";
import { ownName } from "@/lib/languages";
import { linkTranslation, listAllMine } from "@/lib/my-translations";
import { translations } from "@/messages/translations";
import { LanguageField } from "./language-field";

const words = translations.page;
const mostShown = 30;

interface LinkFormProps {
  article: MyArticle;
  /** What belongs to it already. */
  linked: readonly string[];
  /** The language of the story, when it was said just now. */
  source: string;
  onSourceError: (error: string | undefined) => void;
  onProblem: (problem: string | undefined) => void;
  onLinked: (title: string) => void;
}

const titleOf = ({ content: { title } }: MyArticle) => title || words.untitled;

/** Puts another story of mine among the translations of this one. */
export function LinkForm({ article, linked, source, onSourceError, onProblem, onLinked }: LinkFormProps) {
  const [mine, setMine] = useState<readonly MyArticle[]>([]);
  const [text, setText] = useState("");
  const [other, setOther] = useState<MyArticle>();
  const [language, setLanguage] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    void listAllMine().then((answer) => answer.kind === "done" && setMine(answer.value));
  }, []);

  const wanted = text.trim().toLowerCase();
  const fitting = mine.filter((each) => each.id !== article.id && !linked.includes(each.id) && titleOf(each).toLowerCase().includes(wanted)).slice(0, mostShown);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const chosen = other ?? (fitting.length === 1 && wanted ? fitting[0] : undefined);
    if (!chosen) return setErrors({ otherId: words.chooseStory });
    setBusy(true);
    const answer = await linkTranslation(article.id, chosen.id, source, language);
    setBusy(false);
    const refused = said(answer, words.unreachable);
    setErrors(refused?.fields ?? {});
    onSourceError(refused?.fields.language);
    onProblem(refused && Object.keys(refused.fields).length === 0 ? refused.text : undefined);
    if (refused) return;
    setText("");
    setOther(undefined);
    setLanguage("");
    onLinked(titleOf(chosen));
  };

  return (
    <form className="languages-form" aria-labelledby="link" onSubmit={(event) => void submit(event)}>
      <h2 className="section-title" id="link">
        {words.link}
      </h2>
      <p>{words.linkText}</p>
      <Field label={words.story} hint={words.storyHint} error={errors.otherId}>
        {(attributes) => (
          <Combobox
            attributes={attributes}
            text={text}
            choices={other ? [] : fitting.map((each) => ({ id: each.id, label: titleOf(each), detail: each.content.language ? ownName(each.content.language) : words.status[each.status] }))}
            list={words.stories}
            said={translations.list.said}
            placeholder={words.storyPlaceholder}
            onType={(typed) => {
              setText(typed);
              setOther(undefined);
              setErrors({});
            }}
            onChoose={({ id }) => {
              const chosen = mine.find((each) => each.id === id);
              setOther(chosen);
              if (chosen) setText(titleOf(chosen));
            }}
          />
        )}
      </Field>
      {other && (!other.content.language || errors.otherLanguage) && <LanguageField label={words.otherLanguage} error={errors.otherLanguage} value={language} onChange={setLanguage} />}
      <p className="row">
        <button className="btn btn-line" type="submit" disabled={busy}>
          {words.linkIt}
        </button>
      </p>
    </form>
  );
}
