"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { MyImport } from "@blog/api";
import { Field } from "@/components/field";
import { Frame } from "@/components/frame";
import { ErrorScreen } from "@/components/screen";
import { SignInCard } from "@/components/writing/gate";
import { exportMine, listImports, saveFile, uploadArchive } from "@/lib/my-imports";
import { sayRefusal } from "@/lib/writing/draft-api";
import { importing as words } from "@/messages/importing";
import { writing } from "@/messages/writing";
import { ImportCard } from "./import-card";
import { SettingsNav } from "./settings-nav";

const path = "/settings/import";
const largest = 1024 * 1024 * 1024;

type Loaded = { kind: "loading" } | { kind: "signedOut" } | { kind: "failed" } | { kind: "ready"; imports: readonly MyImport[] };

export function ImportPage() {
  const [loaded, setLoaded] = useState<Loaded>({ kind: "loading" });

  useEffect(() => {
    void listImports().then((answer) => {
      if (answer.kind === "done") setLoaded({ kind: "ready", imports: answer.value.items });
      else setLoaded({ kind: answer.kind === "signedOut" ? "signedOut" : "failed" });
    });
  }, []);

  const change = useCallback((changed: MyImport) => {
    setLoaded((old) => (old.kind === "ready" ? { ...old, imports: old.imports.map((one) => (one.id === changed.id ? changed : one)) } : old));
  }, []);
  const add = (uploaded: MyImport) => setLoaded((old) => (old.kind === "ready" ? { ...old, imports: [uploaded, ...old.imports] } : old));
  const remove = useCallback((id: string) => {
    setLoaded((old) => (old.kind === "ready" ? { ...old, imports: old.imports.filter((one) => one.id !== id) } : old));
  }, []);

  return (
    <Frame path={path}>
      <main id="main" className="frame" tabIndex={-1}>
        {loaded.kind === "signedOut" && <SignInCard title={words.signIn} path={path} />}
        {loaded.kind === "failed" && <ErrorScreen title={writing.wrong.title} text={words.failedText} again />}
        {(loaded.kind === "loading" || loaded.kind === "ready") && (
          <div className="column">
            <header className="page-head">
              <h1 className="page-title">{words.title}</h1>
              <p className="standfirst">{words.standfirst}</p>
            </header>
            <SettingsNav here="import" />
            {loaded.kind === "loading" && <Waiting />}
            {loaded.kind === "ready" && (
              <>
                <Choose onUploaded={add} />
                {loaded.imports.map((one) => (
                  <ImportCard key={one.id} one={one} onChange={change} onForgotten={remove} />
                ))}
                <Take />
              </>
            )}
          </div>
        )}
      </main>
    </Frame>
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

function Take() {
  const [said, setSaid] = useState("");
  const [making, setMaking] = useState(false);

  const take = async () => {
    setMaking(true);
    setSaid(words.export.making);
    const file = await exportMine();
    setMaking(false);
    if (!file) return setSaid(words.export.failed);
    saveFile(file, "stories.zip");
    setSaid(words.export.taken);
  };

  return (
    <section className="import" aria-labelledby="export">
      <h2 className="section-title" id="export">
        {words.export.title}
      </h2>
      <p>{words.export.text}</p>
      <p className="row">
        <button className="btn btn-line" type="button" disabled={making} onClick={() => void take()}>
          {words.export.take}
        </button>
        <span role="status">{said}</span>
      </p>
    </section>
  );
}

function Waiting() {
  return (
    <div className="settings" aria-busy="true" aria-label={words.loading} role="group">
      <div className="field">
        <span className="skel w-3 h-s" />
        <span className="skel w-10 h-input" />
      </div>
    </div>
  );
}
