"use client";
import { useCallback, useRef, useState } from "react";
import type { MyImport } from "@blog/api";
import { Field } from "@/components/field";
import { TakeAlong } from "@/components/take-along";
import { useLoaded } from "@/components/use-loaded";
import { exportMine, listImports, uploadArchive } from "@/lib/my-imports";
import { sayRefusal } from "@/lib/writing/draft-api";
import { importing as words } from "@/messages/importing";
import { ImportCard } from "./import-card";
import { SettingsFrame } from "./settings-frame";

const largest = 1024 * 1024 * 1024;

export function ImportPage() {
  const { state } = useLoaded(listImports);
  return (
    <SettingsFrame here="import" path="/settings/import" words={words} signIn={words.signIn} failedText={words.failedText} rows={1} state={state}>
      {({ items }) => <Imports initial={items} />}
    </SettingsFrame>
  );
}

function Imports({ initial }: { initial: readonly MyImport[] }) {
  const [imports, setImports] = useState(initial);
  const change = useCallback((changed: MyImport) => setImports((old) => old.map((one) => (one.id === changed.id ? changed : one))), []);
  const remove = useCallback((id: string) => setImports((old) => old.filter((one) => one.id !== id)), []);
  return (
    <>
      <Choose onUploaded={(uploaded) => setImports((old) => [uploaded, ...old])} />
      {imports.map((one) => (
        <ImportCard key={one.id} one={one} onChange={change} onForgotten={remove} />
      ))}
      <TakeAlong className="import" title={words.export.title} text={words.export.text} action={words.export.take} name="stories.zip" fetch={exportMine} />
    </>
  );
}

function Choose({ onUploaded }: { onUploaded: (uploaded: MyImport) => void }) {
  const [sending, setSending] = useState<{ name: string; share: number }>();
  const [problem, setProblem] = useState("");
  const abort = useRef<() => void>(undefined);
  const input = useRef<HTMLInputElement>(null);

  const send = async (file: File) => {
    if (file.size > largest) return setProblem(words.choose.tooBig);
    setProblem("");
    setSending({ name: file.name, share: 0 });
    const upload = uploadArchive(file, (share) => setSending({ name: file.name, share }));
    let stopped = false;
    abort.current = () => {
      stopped = true;
      upload.abort();
    };
    const answer = await upload.result;
    setSending(undefined);
    if (input.current) input.current.value = "";
    if (answer.kind === "done") onUploaded(answer.value);
    else if (!stopped) setProblem(answer.kind === "refused" || answer.kind === "conflict" ? sayRefusal(answer.refusal) : answer.kind === "signedOut" ? words.choose.signedOut : words.choose.unreachable);
  };

  return (
    <section className="import">
      <Field label={words.choose.label} hint={words.choose.hint} error={problem}>
        {(attributes) => (
          <input {...attributes} ref={input} className="input" type="file" accept=".zip,.json,.xml,.md" disabled={!!sending} onChange={({ target }) => target.files?.[0] && void send(target.files[0])} />
        )}
      </Field>
      {sending && (
        <div className="uploads">
          <span>{words.choose.sending(sending.name, sending.share)}</span>
          <progress value={sending.share} max={1} aria-label={words.choose.sending(sending.name, sending.share)} />
          <button className="btn-text" type="button" onClick={() => abort.current?.()}>
            {words.choose.stop}
          </button>
        </div>
      )}
    </section>
  );
}
