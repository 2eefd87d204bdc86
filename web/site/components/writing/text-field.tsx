"use client";
import { useRef, useState } from "react";
import { Icon, type IconName } from "@/components/icons";
import { pictureTypes } from "@/lib/pictures";
import { block, code, heading, link, prefixLines, wrap, type Edit, type Selection } from "@/lib/writing/commands";
import { placeholder } from "@/lib/writing/content";
import type { Draft } from "@/lib/writing/draft";
import { writing } from "@/messages/writing";
import { altOf, chosenPictures } from "./pictures";
import { UploadList } from "./uploads";
import { useUploads, type Upload } from "./use-uploads";

const words = writing.tools;

interface Tool {
  name: string;
  key?: string;
  icon?: IconName;
  letter?: string;
  edit: (selection: Selection) => Edit;
}

const tools: readonly Tool[] = [
  { name: words.bold, key: "b", letter: "B", edit: (selection) => wrap(selection, "**", words.sampleText) },
  { name: words.italic, key: "i", letter: "i", edit: (selection) => wrap(selection, "*", words.sampleText) },
  { name: words.link, key: "k", icon: "link", edit: (selection) => link(selection, words.sampleLink) },
  { name: words.heading, letter: "H", edit: heading },
  { name: words.quote, icon: "quote", edit: (selection) => prefixLines(selection, "> ") },
  { name: words.list, icon: "list", edit: (selection) => prefixLines(selection, "- ") },
  { name: words.code, icon: "code", edit: code },
];

/** Markdown in a plain text area, with a toolbar, and pictures by button, drop or paste. */
export function TextField({ draft, markdown }: { draft: Draft; markdown: string }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const [dropping, setDropping] = useState(false);
  // The text area owns its text; handing megabytes back on every key would lay them out twice. A replaced text comes with a new key.
  const [first] = useState(markdown);
  const { uploads, start, remove, cancel } = useUploads();

  /** Through the browser's own editing, so that undo takes it back. */
  const apply = (edit: Edit) => {
    const field = area.current;
    if (!field) return;
    field.focus();
    field.setSelectionRange(edit.from, edit.to);
    const typed = edit.text ? document.execCommand("insertText", false, edit.text) : document.execCommand("delete");
    if (!typed) {
      field.setRangeText(edit.text, edit.from, edit.to, "end");
      draft.change({ markdown: field.value });
    }
    field.setSelectionRange(edit.start, edit.end);
  };

  const use = (tool: Tool) => {
    const field = area.current;
    if (field) apply(tool.edit({ value: field.value, start: field.selectionStart, end: field.selectionEnd }));
  };

  /** Replaces a placeholder wherever the writer has moved it meanwhile, and leaves the caret where it is. */
  const settle = (mark: string, text: string) => {
    const field = area.current;
    if (!field) return;
    const at = field.value.indexOf(mark);
    if (at === -1) return;
    field.setRangeText(text, at, at + mark.length, "preserve");
    draft.change({ markdown: field.value });
  };

  const insertPicture = (file: File) => {
    let mark = "";
    start(file, {
      begun: (number) => {
        mark = placeholder(file.name || "picture", number);
        const field = area.current;
        if (field) apply(block({ value: field.value, start: field.selectionStart, end: field.selectionEnd }, mark));
      },
      done: ({ url }) => settle(mark, `![${altOf(file.name)}](${url})`),
      failed: () => settle(mark, ""),
    });
  };

  const again = (upload: Upload) => {
    remove(upload.number);
    insertPicture(upload.file);
  };

  return (
    <>
      <div className="tools" role="toolbar" aria-label={words.label}>
        {tools.map((tool) => (
          <button key={tool.name} className="btn btn-icon" type="button" aria-label={tool.name} title={tool.key ? `${tool.name} (Ctrl+${tool.key.toUpperCase()})` : tool.name} onClick={() => use(tool)}>
            {tool.icon ? <Icon name={tool.icon} small /> : <b className={tool.letter === "i" ? "serif" : undefined}>{tool.letter}</b>}
          </button>
        ))}
        <button className="btn btn-icon" type="button" aria-label={words.picture} title={words.picture} onClick={() => chooser.current?.click()}>
          <Icon name="picture" small />
        </button>
        <input
          ref={chooser}
          type="file"
          accept={pictureTypes}
          multiple
          hidden
          aria-label={words.picture}
          onChange={(event) => {
            for (const file of [...(event.target.files ?? [])]) insertPicture(file);
            event.target.value = "";
          }}
        />
      </div>
      <UploadList uploads={uploads} onDismiss={({ number }) => remove(number)} onAgain={again} onCancel={({ number }) => cancel(number)} />
      <div className={dropping ? "text dropping" : "text"}>
        <textarea
          ref={area}
          className="markdown"
          aria-label={writing.desk.text}
          placeholder={writing.desk.textHint}
          defaultValue={first}
          spellCheck
          onChange={(event) => draft.change({ markdown: event.target.value })}
          onKeyDown={(event) => {
            const tool = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey ? tools.find(({ key }) => key === event.key.toLowerCase()) : undefined;
            if (tool) {
              event.preventDefault();
              use(tool);
            }
          }}
          onPaste={(event) => {
            const files = chosenPictures(event.clipboardData.files);
            // A spreadsheet or a page copies text and a picture of it: then the text is meant.
            if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
            event.preventDefault();
            files.forEach(insertPicture);
          }}
          onDragOver={(event) => {
            if (!event.dataTransfer.types.includes("Files")) return;
            event.preventDefault();
            setDropping(true);
          }}
          onDragLeave={() => setDropping(false)}
          onDrop={(event) => {
            setDropping(false);
            if (event.dataTransfer.files.length === 0) return;
            event.preventDefault();
            for (const file of [...event.dataTransfer.files]) insertPicture(file);
          }}
        />
        {dropping && <p className="drop-hint">{writing.pictures.drop}</p>}
      </div>
    </>
  );
}
