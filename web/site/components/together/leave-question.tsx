"use client";
import { useEffect, useId, useRef } from "react";
import { publications } from "@/messages/publications";

const words = publications.desk;

/** Whoever leaves decides what becomes of their stories; Escape stays. */
export function LeaveQuestion({ name, onLeave, onNo }: { name: string; onLeave: (takeStories: boolean) => void; onNo: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog className="dialog" ref={dialog} aria-labelledby={id} onClose={onNo}>
      <h2 className="dialog-title" id={id}>
        {words.askLeave(name)}
      </h2>
      <p>{words.askLeaveText}</p>
      <div className="row">
        <button className="btn btn-bare" type="button" onClick={onNo} autoFocus>
          {words.cancel}
        </button>
        <button className="btn btn-line" type="button" onClick={() => onLeave(true)}>
          {words.leaveTake}
        </button>
        <button className="btn btn-danger" type="button" onClick={() => onLeave(false)}>
          {words.leaveStay}
        </button>
      </div>
    </dialog>
  );
}
