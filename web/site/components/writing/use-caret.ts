"use client";
import { useEffect, useLayoutEffect, useRef } from "react";
import { caretAfter } from "@/lib/writing/merge";

interface Place {
  label: string | null;
  text: string;
  start: number;
  end: number;
}

/** When the text is replaced under somebody's hands, the caret stays among the same words. */
export function useCaret(replaced: number): void {
  const place = useRef<Place | null>(null);
  useEffect(() => {
    const note = () => {
      const field = document.activeElement;
      place.current =
        field instanceof HTMLTextAreaElement
          ? { label: field.getAttribute("aria-label"), text: field.value, start: field.selectionStart, end: field.selectionEnd }
          : null;
    };
    document.addEventListener("selectionchange", note);
    return () => document.removeEventListener("selectionchange", note);
  }, []);
  useLayoutEffect(() => {
    const last = place.current;
    if (!last || document.activeElement !== document.body) return;
    const field = [...document.querySelectorAll("textarea")].find((one) => one.getAttribute("aria-label") === last.label);
    field?.focus({ preventScroll: true });
    field?.setSelectionRange(caretAfter(last.text, field.value, last.start), caretAfter(last.text, field.value, last.end));
  }, [replaced]);
}
