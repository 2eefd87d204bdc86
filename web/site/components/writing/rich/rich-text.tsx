"use client";
import type { Extensions, JSONContent } from "@tiptap/core";
import { Dropcursor, Gapcursor, TrailingNode, UndoRedo } from "@tiptap/extensions";
import type { Slice } from "@tiptap/pm/model";
import { Selection } from "@tiptap/pm/state";
import { EditorContent, useEditor } from "@tiptap/react";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { Find } from "@/lib/editor/find";
import { FormulaLook } from "@/lib/editor/formula-look";
import { Highlight } from "@/lib/editor/highlight";
import { LinkCards } from "@/lib/editor/link-cards";
import { Manuscript } from "@/lib/editor/manuscript";
import { GalleryRules } from "@/lib/editor/pictures";
import { content } from "@/lib/editor/schema";
import { SeenSelection, Standing, tableAround, TableKeys, TypedFormula, TypedLink } from "@/lib/editor/writing";
import { pictureTypes } from "@/lib/pictures";
import type { Draft } from "@/lib/writing/draft";
import { placeholder } from "@/lib/writing/content";
import { editor as words } from "@/messages/editor";
import { altOf, chosenPictures } from "../pictures";
import { UploadList } from "../uploads";
import { useUploads, type Upload } from "../use-uploads";
import { blocks } from "./blocks";
import { FindBar } from "./find-bar";
import { drawCard } from "./link-card";
import { Outline } from "./outline";
import { PictureTools } from "./picture-tools";
import { Session, type Counted, type PicturePlace } from "./session";
import { SlashCommand, SlashMenu, type SlashHost } from "./slash-menu";
import { SelectionTools, TableTools } from "./tools";
import { GalleryView, InlinePictureView, pictureView } from "./picture-views";
import { CalloutView, CodeView, FormulaView, ItemView, NoteView, RawView } from "./views";

type Offer = Parameters<SlashHost["show"]>[0];

/** Lets the editor read pasted text its own way. */
const asTyped = null as unknown as Slice;

interface RichTextProps {
  draft: Draft;
  /** False while the story is edited as Markdown; the editor keeps its history meanwhile. */
  active: boolean;
  finding: boolean;
  outline: boolean;
  onFinding: (open: boolean) => void;
  /** A heading of the outline was chosen. */
  onOutlined: () => void;
  onCount: (count: Counted) => void;
}

export default memo(RichText);

function RichText({ draft, active, finding, outline, onFinding, onOutlined, onCount }: RichTextProps) {
  const chooser = useRef<HTMLInputElement>(null);
  const chosenFor = useRef<PicturePlace>("alone");
  const [offer, setOffer] = useState<Offer>(null);
  const phone = useNarrow();
  const { uploads, start, remove, cancel } = useUploads();
  const [session] = useState(() => new Session(draft));
  const extensions = useMemo(() => screenExtensions(session, setOffer), [session]);
  const editor = useEditor({
    extensions,
    content: "",
    immediatelyRender: false,
    shouldRerenderOnTransaction: false,
    injectCSS: false,
    onUpdate: session.soon,
    onSelectionUpdate: session.count,
    onBlur: session.now,
    editorProps: {
      attributes: { class: "prose draft", role: "textbox", "aria-multiline": "true", "aria-label": words.story, spellcheck: "true" },
      // How it looked elsewhere does not come along, and the content policy would say so in the console.
      transformPastedHTML: (html) => html.replace(/\sstyle\s*=\s*(?:"[^"]*"|'[^']*')/gi, ""),
      clipboardTextSerializer: textOf,
      clipboardTextParser: (text, $context, plain, view) => (plain || $context.parent.type.spec.code || !/\n|[*_`[\]#>|~]/.test(text) ? asTyped : new Manuscript(view.state.schema).read(text).slice(0)),
      handlePaste: (_, event) => {
        const files = chosenPictures(event.clipboardData?.files);
        if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return false;
        session.insertPictures(files);
        return true;
      },
      handleDrop: (view, event, _slice, moved) => {
        const files = moved ? [] : chosenPictures(event.dataTransfer?.files);
        if (files.length === 0) return false;
        event.preventDefault();
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        if (at) view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(at.pos))));
        session.insertPictures(files);
        return true;
      },
    },
  });

  useEffect(() => {
    if (!editor) return;
    session.attach(editor, onCount);
    const begin = (file: File, into: JSONContent[]) => {
      let source = "";
      start(file, {
        begun: (number) => {
          source = `uploading:${number}`;
          const [, alt = ""] = /^!\[(.*)\]/.exec(placeholder(file.name || "picture", number)) ?? [];
          session.begin(source, file);
          into.push({ type: "picture", attrs: { src: source, alt } });
        },
        done: ({ url }) => session.settle(source, { src: url, alt: altOf(file.name) }),
        failed: () => session.settle(source, null),
      });
    };
    const insert = (files: readonly File[], place: PicturePlace = "alone") => {
      const pictures: JSONContent[] = [];
      for (const file of files) begin(file, pictures);
      if (pictures.length === 0) return;
      if (typeof place === "number") return void editor.chain().focus().insertContentAt(place, pictures).run();
      const blocks = [...(place === "together" && pictures.length > 1 ? [{ type: "gallery", content: pictures }] : pictures), { type: "paragraph" }];
      const { $from } = editor.state.selection;
      const table = tableAround($from);
      // A cell has room for words only.
      if (table === null) editor.chain().focus().insertContent(blocks).run();
      else editor.chain().focus().insertContentAt($from.after(table), blocks).run();
    };
    session.setPictures(insert, (place) => {
      chosenFor.current = place;
      chooser.current?.click();
    });
  }, [editor, session, start, onCount]);

  // What is shown is what is edited: text changed elsewhere comes in while the editor is in front.
  useEffect(() => {
    if (!editor || !active) return;
    session.take();
    const stop = draft.subscribe(session.take);
    return () => {
      session.now();
      stop();
    };
  }, [editor, active, draft, session]);

  useEffect(() => {
    const hidden = () => document.visibilityState === "hidden" && session.now();
    addEventListener("beforeunload", session.now, { capture: true });
    addEventListener("pagehide", session.now, { capture: true });
    document.addEventListener("visibilitychange", hidden, { capture: true });
    return () => {
      session.now();
      removeEventListener("beforeunload", session.now, { capture: true });
      removeEventListener("pagehide", session.now, { capture: true });
      document.removeEventListener("visibilitychange", hidden, { capture: true });
    };
  }, [session]);

  useEffect(() => {
    if (!active) return;
    const open = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      if (event.key.toLowerCase() === "f") onFinding(true);
      else if (event.key.toLowerCase() === "s") {
        session.now();
        void draft.retry();
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", open);
    return () => removeEventListener("keydown", open);
  }, [active, draft, onFinding, session]);

  const again = (upload: Upload) => {
    remove(upload.number);
    session.insertPictures([upload.file]);
  };
  return (
    <div className="rich" hidden={!active}>
      {editor && active && finding && <FindBar editor={editor} onClose={() => onFinding(false)} />}
      {editor && outline && <Outline editor={editor} onChosen={onOutlined} />}
      <UploadList uploads={uploads} onDismiss={({ number }) => remove(number)} onAgain={again} onCancel={({ number }) => cancel(number)} />
      <div className="text rich-body">
        <EditorContent editor={editor} />
        {editor && active && <SelectionTools editor={editor} phone={phone} onInsert={() => editor.chain().focus().insertContent("/").run()} />}
        {editor && active && <PictureTools editor={editor} phone={phone} onAdd={(at) => session.choosePictures(at)} />}
        {editor && active && <TableTools editor={editor} />}
        {editor && offer && <SlashMenu editor={editor} offer={offer} session={session} />}
      </div>
      <input
        ref={chooser}
        type="file"
        accept={pictureTypes}
        multiple
        hidden
        aria-label={words.insert.picture[0]}
        onChange={(event) => {
          session.insertPictures([...(event.target.files ?? [])], chosenFor.current);
          chosenFor.current = "alone";
          event.target.value = "";
        }}
      />
    </div>
  );
}

function screenExtensions(session: Session, show: (offer: Offer) => void): Extensions {
  const views = [CodeView.configure({ exitOnTripleEnter: true }), FormulaView, TypedFormula, CalloutView, ItemView, pictureView(session), GalleryView, InlinePictureView, RawView, NoteView];
  const names = new Set(views.map(({ name }) => name));
  return [
    ...content.filter(({ name }) => !names.has(name)),
    ...views,
    UndoRedo.configure({ depth: 10_000, newGroupDelay: 500 }),
    Dropcursor.configure({ color: false, class: "drop-cursor" }),
    Gapcursor,
    TrailingNode,
    SeenSelection,
    TypedLink,
    GalleryRules,
    TableKeys,
    Find,
    Highlight,
    LinkCards.configure({ draw: drawCard }),
    FormulaLook,
    Standing.configure({ hint: words.hint }),
    SlashCommand.configure({ blocks: blocks((place) => session.choosePictures(place)), host: { show, key: (event) => session.keys(event) } }),
  ];
}

/** What is copied is Markdown wherever only text is taken. */
function textOf(slice: Slice): string {
  const plain = slice.content.textBetween(0, slice.content.size, "\n\n");
  if (slice.openStart > 1 || slice.openEnd > 1 || (slice.content.childCount === 1 && slice.openStart === 1)) return plain;
  const doc = slice.content.firstChild?.type.schema.topNodeType.create(null, slice.content);
  try {
    doc?.check();
    return doc ? new Manuscript(doc.type.schema).write(doc) : plain;
  } catch {
    return plain;
  }
}

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia("(max-width: 47.99rem)").matches);
  useEffect(() => {
    const query = matchMedia("(max-width: 47.99rem)");
    const change = () => setNarrow(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return narrow;
}
