"use client";
import dynamic from "next/dynamic";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { ThemeButton } from "@/components/frame";
import { Icon, type IconName } from "@/components/icons";
import { getArticle } from "@/lib/browser";
import type { Finding } from "@/lib/writing/checklist";
import { limits } from "@/lib/writing/content";
import type { Draft } from "@/lib/writing/draft";
import { jumpTo } from "@/lib/writing/jump";
import { longestRich, useMode } from "@/lib/writing/mode";
import { useDraft } from "@/lib/writing/use-draft";
import { editor as rich } from "@/messages/editor";
import { reading } from "@/messages/reading";
import { writing } from "@/messages/writing";
import { Notices } from "./notices";
import { Preview, usePreview } from "./preview";
import type { Counted } from "./rich/session";
import { PublishPanel } from "./publish-panel";
import { StateLine } from "./state";
import { TextField } from "./text-field";
import { useCaret } from "./use-caret";
import { Versus } from "./versus";

const words = writing.desk;
const views: readonly { view: View; icon: IconName }[] = [
  { view: "write", icon: "write" },
  { view: "both", icon: "columns" },
  { view: "read", icon: "eye" },
];

type View = "write" | "both" | "read";

/** Windows with room for the outline beside the story (styles/rich.css). */
const roomForOutline = "(min-width: 90rem)";

const RichText = dynamic(() => import("./rich/rich-text"), { ssr: false, loading: () => <p className="meta rich-loading">{rich.loading}</p> });

/** The writer's desk: the page, and around it only where the text is safe and the way out to readers. */
export function Desk({ draft, restored }: { draft: Draft; restored: boolean }) {
  const [chosen, setShown] = useState<View>("both");
  const [panel, setPanel] = useState(false);
  const fits = useSyncExternalStore(draft.subscribe, () => draft.view().content.markdown.length <= longestRich, () => true);
  const { mode, setMode } = useMode(fits);
  const other = mode === "rich" ? "markdown" : "rich";
  // What is written in rich text looks as readers see it: side by side is for Markdown.
  const shown = mode === "rich" && chosen === "both" ? "write" : chosen;
  const view = useDraft(draft, mode === "rich" && shown === "write" && !panel);
  const { content, state, article, replaced } = view;
  const [tools, setTools] = useState({ finding: false, outline: false, focus: false });
  const [count, setCount] = useState<Counted>();
  // Once opened, the rich editor stays, with all that can be undone.
  const [opened, setOpened] = useState(mode === "rich");
  if (mode === "rich" && !opened) setOpened(true);
  const preview = usePreview(content.markdown, shown !== "write");
  const jump = (finding: Finding) => {
    setPanel(false);
    if (shown === "read") setShown("write");
    // The panel gives the focus back first.
    requestAnimationFrame(() => setTimeout(() => jumpTo(finding)));
  };
  const onFinding = useCallback((finding: boolean) => setTools((now) => ({ ...now, finding })), []);
  // Where the outline lies over the story, it has done its work.
  const onOutlined = useCallback(() => {
    if (!matchMedia(roomForOutline).matches) setTools((now) => ({ ...now, outline: false }));
  }, []);
  useAddress(article?.id);
  useLifelines(draft);
  useCaret(replaced);

  const fields = state.kind === "refused" ? state.refusal.fields : {};
  const titleProblem = content.title.length > limits.title ? words.titleTooLong(content.title.length) : fields.title;
  const descriptionProblem = content.description.length > limits.description ? words.descriptionTooLong(content.description.length) : fields.description;

  return (
    <div className="whole desk-page" data-view={shown} data-mode={mode} data-focus={tools.focus || undefined}>
      <a className="skip" href="#main">
        {reading.site.skip}
      </a>
      <header className="top desk-top">
        <div className="frame">
          <a className="wordmark" href="/" aria-label={reading.site.home}>
            <span>{reading.site.name}</span>
          </a>
          <StateLine view={view} />
          <span className="spring" />
          <div className="views" role="group" aria-label={words.view}>
            {views.filter(({ view: own }) => own !== "both" || mode === "markdown").map(({ view: own, icon }) => (
              <button
                key={own}
                type="button"
                className={`btn btn-icon view-${own}`}
                aria-pressed={shown === own}
                aria-label={words.views[own]}
                title={words.views[own]}
                onClick={() => setShown(own)}
              >
                <Icon name={icon} />
              </button>
            ))}
          </div>
          {article && (
            <a className="btn btn-icon wide-only" href={`/write/${article.id}/review`} aria-label={words.review} title={words.review}>
              <Icon name="respond" />
            </a>
          )}
          {article && (
            <a className="btn btn-icon" href={`/write/${article.id}/history`} aria-label={words.history} title={words.history}>
              <Icon name="clock" />
            </a>
          )}
          <span className="wide-only">
            <ThemeButton />
          </span>
          <button className="btn btn-main" type="button" onClick={() => setPanel(true)}>
            {article?.status === "published" ? (article.hasUnpublishedChanges || draft.dirty ? words.publishChanges : words.published) : article?.scheduledFor ? words.scheduled : words.publish}
          </button>
        </div>
      </header>
      <main id="main" className="frame desk-frame" tabIndex={-1}>
        <h1 className="sr">{article ? content.title || words.draft : words.newTitle}</h1>
        <Notices draft={draft} view={view} restored={restored} />
        {state.kind === "conflict" ? (
          <Versus
            mine={content}
            theirs={state.theirs.content}
            theirsAt={state.theirs.updatedAt}
            onMine={() => void draft.keepMine()}
            onTheirs={() => void draft.takeTheirs()}
            onBoth={() => void draft.keepBoth(writing.versus.separator)}
          />
        ) : (
          <div className="desk">
            <section className="sheet" aria-label={words.draft}>
              <GrowingText
                key={`title-${replaced}`}
                className="article-title"
                label={words.title}
                value={content.title}
                problem={titleProblem}
                onChange={(title) => draft.change({ title })}
                autoFocus={!content.title}
              />
              <GrowingText
                key={`description-${replaced}`}
                className="standfirst"
                label={words.description}
                placeholder={words.descriptionHint}
                value={content.description}
                problem={descriptionProblem}
                onChange={(description) => draft.change({ description })}
              />
              {opened && (
                <RichText
                  draft={draft}
                  active={mode === "rich"}
                  finding={tools.finding}
                  outline={tools.outline && mode === "rich"}
                  onFinding={onFinding}
                  onOutlined={onOutlined}
                  onCount={setCount}
                />
              )}
              {mode === "markdown" && <TextField key={`text-${replaced}`} draft={draft} markdown={content.markdown} />}
            </section>
            <Preview content={content} preview={preview} />
          </div>
        )}
      </main>
      <footer className="count-bar">
        <div className="frame">
          <p className="meta">
            {mode === "rich" && count ? (
              <>
                {words.words(count.words)}
                <span className="dot">{words.minutes(count.minutes)}</span>
                {count.selected > 0 && <span className="dot">{rich.selected(count.selected)}</span>}
              </>
            ) : preview.shown ? (
              <>
                {words.words(preview.shown.wordCount)}
                <span className="dot">{words.minutes(preview.shown.readingMinutes)}</span>
              </>
            ) : (
              article && words.words(article.wordCount)
            )}
          </p>
          <p className="meta wide-only">{mode === "rich" ? rich.help : words.markdownHelp}</p>
          <div className="row desk-switches">
            {mode === "rich" &&
              switches.map(({ own, name, icon }) => (
                <button
                  key={own}
                  className="btn btn-icon"
                  type="button"
                  aria-label={name}
                  title={name}
                  aria-pressed={tools[own]}
                  onClick={() => setTools((now) => ({ ...now, [own]: !now[own] }))}
                >
                  <Icon name={icon} small />
                </button>
              ))}
            {fits ? (
              <button className="btn btn-bare" type="button" aria-label={rich.mode[other].name} title={rich.mode[other].name} onClick={() => setMode(other)}>
                {rich.mode[other].short}
              </button>
            ) : (
              <p className="meta">{rich.tooLong}</p>
            )}
          </div>
        </div>
      </footer>
      {panel && <PublishPanel draft={draft} view={view} onClose={() => setPanel(false)} onJump={jump} />}
    </div>
  );
}

type Switch = "finding" | "outline" | "focus";

const switches: readonly { own: Switch; name: string; icon: IconName }[] = [
  { own: "finding", name: rich.find.open, icon: "search" },
  { own: "outline", name: rich.outline.open, icon: "list" },
  { own: "focus", name: rich.focus, icon: "stories" },
];

interface GrowingTextProps {
  className: string;
  label: string;
  placeholder?: string;
  value: string;
  problem?: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}

/** One line of text that grows as it wraps; a line break is a blank. */
function GrowingText({ className, label, placeholder = label, value, problem, onChange, autoFocus }: GrowingTextProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const grow = useCallback(() => {
    const area = field.current;
    if (!area || CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, []);
  useEffect(grow, [grow, value]);
  const id = `${className}-problem`;
  return (
    <div className="grow">
      <textarea
        ref={field}
        className={className}
        rows={1}
        aria-label={label}
        placeholder={placeholder}
        value={value}
        autoFocus={autoFocus}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? id : undefined}
        onChange={(event) => onChange(event.target.value.replace(/\s*\n\s*/g, " "))}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          const all = [...document.querySelectorAll<HTMLElement>(".sheet textarea, .rich:not([hidden]) .prose.draft")];
          all[all.indexOf(event.currentTarget) + 1]?.focus();
        }}
      />
      {problem && (
        <p className="error" id={id}>
          <Icon name="warning" small />
          {problem}
        </p>
      )}
    </div>
  );
}

/** The first save gives the draft an address; the address bar follows without leaving the page. */
function useAddress(id: string | undefined): void {
  useEffect(() => {
    if (id && location.pathname === "/write") history.replaceState(null, "", `/write/${id}`);
  }, [id]);
}

/** Everything that may bring the line, the session or a newer version back, or take the window away. */
function useLifelines(draft: Draft): void {
  useEffect(() => {
    const retry = () => {
      const { state } = draft.view();
      if (state.kind === "offline" || state.kind === "signedOut") void draft.retry();
    };
    const seen = () => {
      if (document.visibilityState === "hidden") {
        void draft.keep();
        return;
      }
      retry();
      const id = draft.view().article?.id;
      if (id && !draft.dirty) void getArticle(id).then((answer) => answer.kind === "done" && draft.refresh(answer.value));
    };
    const leave = (event: BeforeUnloadEvent) => {
      void draft.keep();
      if (draft.dirty && !draft.view().kept) event.preventDefault();
    };
    const keepVersion = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      void draft.keepVersion();
    };
    addEventListener("keydown", keepVersion);
    addEventListener("online", retry);
    addEventListener("focus", retry);
    addEventListener("beforeunload", leave);
    document.addEventListener("visibilitychange", seen);
    return () => {
      removeEventListener("keydown", keepVersion);
      removeEventListener("online", retry);
      removeEventListener("focus", retry);
      removeEventListener("beforeunload", leave);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [draft]);
}
