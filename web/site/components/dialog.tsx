"use client";
import { useEffect, useId, useRef, type ReactNode } from "react";

/** A question that stops; Escape answers no. */
export function Question({ title, text, yes, no, onYes, onNo }: { title: string; text: string; yes: string; no: string; onYes: () => void; onNo: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog className="dialog" ref={dialog} aria-labelledby={id} onClose={onNo}>
      <h2 className="dialog-title" id={id}>
        {title}
      </h2>
      <p>{text}</p>
      <div className="row">
        <button className="btn btn-bare" type="button" onClick={onNo} autoFocus>
          {no}
        </button>
        <button className="btn btn-danger" type="button" onClick={onYes}>
          {yes}
        </button>
      </div>
    </dialog>
  );
}

export function Toast({ children }: { children: ReactNode }) {
  return (
    <div className="toast-place">
      <div className="toast" role="status">
        {children}
      </div>
    </div>
  );
}
