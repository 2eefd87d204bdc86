"use client";
import { isTextSelection, type Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import { useEffect, useLayoutEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { Icon, type IconName } from "@/components/icons";
import { chosenPicture } from "@/lib/editor/pictures";
import { tableAround } from "@/lib/editor/writing";
import { editor as words } from "@/messages/editor";
import { beside } from "./place";

/** Left and Right go from tool to tool, Escape back into the story. */
export function walk(event: KeyboardEvent<HTMLElement>, editor: Editor): void {
  if (event.key === "Escape") {
    event.preventDefault();
    editor.commands.focus();
    return;
  }
  const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!move || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("button, select")];
  all[(all.indexOf(event.target as HTMLElement) + move + all.length) % all.length]?.focus();
}

export function Tool({ name, keys, icon, letter, pressed, onUse }: { name: string; keys?: string; icon?: IconName; letter?: ReactNode; pressed?: boolean; onUse: () => void }) {
  return (
    <button className="btn btn-pop" type="button" aria-label={name} title={keys ? `${name} (${keys})` : name} aria-pressed={pressed} onPointerDown={(event) => event.preventDefault()} onClick={onUse}>
      {icon ? <Icon name={icon} small /> : letter}
    </button>
  );
}

function useMarks(editor: Editor) {
  return useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      bold: now.isActive("bold"),
      italic: now.isActive("italic"),
      strike: now.isActive("strike"),
      code: now.isActive("code"),
      link: now.isActive("link"),
      href: (now.getAttributes("link").href as string | undefined) ?? "",
      heading: now.isActive("heading", { level: 2 }),
      subheading: now.isActive("heading", { level: 3 }),
      quote: now.isActive("blockquote"),
      list: now.isActive("bulletList"),
    }),
  });
}

function Marks({ editor, onLink }: { editor: Editor; onLink: () => void }) {
  const marks = useMarks(editor);
  const run = () => editor.chain().focus();
  return (
    <>
      <Tool name={words.tools.bold} keys="Ctrl+B" letter={<b>B</b>} pressed={marks.bold} onUse={() => run().toggleBold().run()} />
      <Tool name={words.tools.italic} keys="Ctrl+I" letter={<i className="serif">i</i>} pressed={marks.italic} onUse={() => run().toggleItalic().run()} />
      <Tool name={words.tools.strike} keys="Ctrl+Shift+S" letter={<s>S</s>} pressed={marks.strike} onUse={() => run().toggleStrike().run()} />
      <Tool name={words.tools.code} keys="Ctrl+E" icon="code" pressed={marks.code} onUse={() => run().toggleCode().run()} />
      <Tool name={words.tools.link} keys="Ctrl+K" icon="link" pressed={marks.link} onUse={onLink} />
      <Tool name={words.tools.heading} keys="Ctrl+Alt+2" letter={<b>H</b>} pressed={marks.heading} onUse={() => run().toggleHeading({ level: 2 }).run()} />
      <Tool name={words.tools.subheading} keys="Ctrl+Alt+3" letter={<b className="small">H</b>} pressed={marks.subheading} onUse={() => run().toggleHeading({ level: 3 }).run()} />
      <Tool name={words.tools.quote} keys="Ctrl+Shift+B" icon="quote" pressed={marks.quote} onUse={() => run().toggleBlockquote().run()} />
    </>
  );
}

const goodAddress = /^(?:https?:\/\/|mailto:|tel:|\/|#)\S+$/i;

function LinkForm({ editor, onDone }: { editor: Editor; onDone: () => void }) {
  const [href, setHref] = useState(() => (editor.getAttributes("link").href as string | undefined) ?? "");
  const [bad, setBad] = useState(false);
  const had = editor.isActive("link");
  const apply = (event: FormEvent) => {
    event.preventDefault();
    const typed = href.trim();
    const address = goodAddress.test(typed) ? typed : /^[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?$/.test(typed) ? `https://${typed}` : "";
    if (!address) return setBad(true);
    const { empty } = editor.state.selection;
    const chain = editor.chain().focus().extendMarkRange("link");
    if (empty && !had) chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href: address } }] }).run();
    else chain.setLink({ href: address }).run();
    onDone();
  };
  return (
    <form className="link-form" onSubmit={apply} onKeyDown={(event) => event.key === "Escape" && onDone()}>
      <input className="input" aria-label={words.link.address} aria-invalid={bad || undefined} aria-describedby={bad ? "link-bad" : undefined} value={href} placeholder="https://" autoFocus onChange={(event) => setHref(event.target.value)} />
      <button className="btn btn-pop" type="submit" aria-label={words.link.apply} title={words.link.apply}>
        <Icon name="check" small />
      </button>
      {had && (
        <>
          <a className="btn btn-pop" href={href} target="_blank" rel="noopener noreferrer" aria-label={words.link.open} title={words.link.open}>
            <Icon name="share" small />
          </a>
          <button className="btn btn-pop" type="button" aria-label={words.link.remove} title={words.link.remove} onClick={() => { editor.chain().focus().extendMarkRange("link").unsetLink().run(); onDone(); }}>
            <Icon name="close" small />
          </button>
        </>
      )}
      {bad && (
        <p className="error" id="link-bad" role="alert">
          {words.link.bad}
        </p>
      )}
    </form>
  );
}

/** Floats over a selection; stands at the bottom of a phone. Alt+F10 goes there. */
export function SelectionTools({ editor, phone, onInsert }: { editor: Editor; phone: boolean; onInsert: () => void }) {
  const bar = useRef<HTMLDivElement>(null);
  const [linking, setLinking] = useState(false);
  const [asked, setAsked] = useState(false);
  const shown = useEditorState({
    editor,
    selector: ({ editor: now }) => {
      const { selection } = now.state;
      const inWords = isTextSelection(selection) && selection.$from.parent.inlineContent && !selection.$from.parent.type.spec.code;
      const chosen = inWords && !selection.empty;
      // Where the caret is does not matter until something stands there.
      return { chosen, from: chosen ? selection.from : 0, to: chosen ? selection.to : 0 };
    },
  });
  const visible = phone || linking || asked || shown.chosen;

  useEffect(() => {
    const keys = (event: globalThis.KeyboardEvent) => {
      if (event.altKey && event.key === "F10" && !chosenPicture(editor.state)) {
        event.preventDefault();
        setAsked(true);
        requestAnimationFrame(() => bar.current?.querySelector<HTMLElement>("button")?.focus());
      } else if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k" && editor.isFocused) {
        event.preventDefault();
        setLinking(true);
      }
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, [editor]);

  useLayoutEffect(() => {
    const host = bar.current?.offsetParent;
    if (phone || !visible || !bar.current || !(host instanceof HTMLElement)) return;
    const { selection } = editor.state;
    const from = editor.view.coordsAtPos(selection.from);
    const to = editor.view.coordsAtPos(selection.to);
    const at = { top: Math.min(from.top, to.top), bottom: Math.max(from.bottom, to.bottom), left: from.top === to.top ? from.left : editor.view.dom.getBoundingClientRect().left, right: from.top === to.top ? to.right : editor.view.dom.getBoundingClientRect().right };
    const { left, top } = beside(host, at, bar.current.getBoundingClientRect(), true);
    bar.current.style.left = `${left}px`;
    bar.current.style.top = `${top}px`;
  }, [editor, phone, visible, linking, shown]);

  if (!visible) return null;
  const done = () => {
    setLinking(false);
    setAsked(false);
    editor.commands.focus();
  };
  return (
    <div
      className={phone ? "popover phone-tools" : "popover float-tools"}
      ref={bar}
      role="toolbar"
      aria-label={words.tools.label}
      onKeyDown={(event) => (linking ? undefined : walk(event, editor))}
      onBlur={(event) => !linking && !event.currentTarget.contains(event.relatedTarget) && setAsked(false)}
    >
      {linking ? (
        <LinkForm editor={editor} onDone={done} />
      ) : (
        <>
          {phone && <Tool name={words.tools.insert} letter={<b aria-hidden="true">+</b>} onUse={onInsert} />}
          <Marks editor={editor} onLink={() => setLinking(true)} />
          {phone && <Tool name={words.tools.undo} letter={<b aria-hidden="true">↶</b>} onUse={() => editor.chain().focus().undo().run()} />}
          {phone && <Tool name={words.tools.redo} letter={<b aria-hidden="true">↷</b>} onUse={() => editor.chain().focus().redo().run()} />}
        </>
      )}
    </div>
  );
}

const aligns = ["left", "center", "right"] as const;

/** Beside the table one writes in: rows, columns, alignment. */
export function TableTools({ editor }: { editor: Editor }) {
  const bar = useRef<HTMLDivElement>(null);
  const { table, align } = useEditorState({
    editor,
    selector: ({ editor: now }) => {
      const { $from } = now.state.selection;
      const depth = tableAround($from);
      return depth === null ? { table: null, align: null } : { table: $from.before(depth), align: cellAlign(now) };
    },
  });

  useLayoutEffect(() => {
    const host = bar.current?.offsetParent;
    const dom = table === null ? null : editor.view.nodeDOM(table);
    if (!bar.current || !(host instanceof HTMLElement) || !(dom instanceof HTMLElement)) return;
    bar.current.style.top = `${dom.getBoundingClientRect().bottom - host.getBoundingClientRect().top + 4}px`;
  });

  if (table === null) return null;
  const run = () => editor.chain().focus();
  const commands = [
    [words.table.rowAbove, () => addRow(editor, true)],
    [words.table.rowBelow, () => addRow(editor, false)],
    [words.table.columnBefore, () => run().addColumnBefore().run()],
    [words.table.columnAfter, () => run().addColumnAfter().run()],
    [words.table.deleteRow, () => deleteRow(editor)],
    [words.table.deleteColumn, () => run().deleteColumn().run()],
    [words.table.deleteTable, () => run().deleteTable().run()],
  ] as const;
  return (
    <div className="popover table-tools" ref={bar} role="toolbar" aria-label={words.table.label} onKeyDown={(event) => walk(event, editor)}>
      {commands.map(([name, use]) => (
        <button key={name} className="btn btn-pop" type="button" onPointerDown={(event) => event.preventDefault()} onClick={use}>
          {name}
        </button>
      ))}
      {aligns.map((wanted) => (
        <button key={wanted} className="btn btn-pop" type="button" aria-pressed={align === wanted} onPointerDown={(event) => event.preventDefault()} onClick={() => alignColumn(editor, align === wanted ? null : wanted)}>
          {words.table.align[wanted]}
        </button>
      ))}
    </div>
  );
}

function cellAlign(editor: Editor): string | null {
  const attributes = editor.isActive("tableHeader") ? editor.getAttributes("tableHeader") : editor.getAttributes("tableCell");
  return (attributes.align as string | null | undefined) ?? null;
}

/** The first row names the columns: nothing goes above it, and it stays. */
const inHead = (editor: Editor) => editor.isActive("tableHeader");
const addRow = (editor: Editor, above: boolean) => (above && !inHead(editor) ? editor.chain().focus().addRowBefore().run() : editor.chain().focus().addRowAfter().run());
const deleteRow = (editor: Editor) => !inHead(editor) && editor.chain().focus().deleteRow().run();

/** Markdown aligns whole columns. */
function alignColumn(editor: Editor, align: string | null): void {
  const { state } = editor;
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.name !== "tableRow") continue;
    const column = $from.index(depth);
    const { tr } = state;
    let row = $from.start(depth - 1);
    $from.node(depth - 1).forEach((cells) => {
      let cell = row + 1;
      cells.forEach((node, _, index) => {
        if (index === column) tr.setNodeMarkup(cell, undefined, { ...node.attrs, align });
        cell += node.nodeSize;
      });
      row += cells.nodeSize;
    });
    editor.view.dispatch(tr);
    editor.view.focus();
    return;
  }
}
