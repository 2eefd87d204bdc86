"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { Toast } from "@/components/dialog";
import { lists } from "@/messages/lists";
import type { Said } from "./library";

/** The one message at the foot of the page: what to show, and how to say something. */
export function useSaid() {
  const [said, setSaid] = useState<Said & { key: number }>();
  const count = useRef(0);
  const say = useCallback((text: string, undo?: () => void) => setSaid({ text, undo, key: ++count.current }), []);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(undefined), said.undo ? 10_000 : 6_000);
    return () => clearTimeout(timer);
  }, [said]);
  const toast = said && (
    <Toast key={said.key}>
      {said.text}
      {said.undo && (
        <button
          className="btn btn-bare"
          type="button"
          onClick={() => {
            said.undo?.();
            setSaid(undefined);
          }}
        >
          {lists.list.undo}
        </button>
      )}
    </Toast>
  );
  return { say, toast };
}
