"use client";
import { useCallback, useRef, useState } from "react";
import type { UploadedMedia } from "@blog/api";
import { upload } from "@/lib/browser";
import { limits } from "@/lib/writing/content";
import { sayRefusal } from "@/lib/writing/draft-api";
import { writing } from "@/messages/writing";

export interface Upload {
  number: number;
  file: File;
  share: number;
  problem?: string;
}

const words = writing.pictures;

/** Pictures on their way to the server; each ends in `done` or stays in the list with what went wrong. */
export function useUploads() {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const count = useRef(0);
  const aborts = useRef(new Map<number, () => void>());

  const remove = useCallback((number: number) => setUploads((all) => all.filter((one) => one.number !== number)), []);

  const start = useCallback(
    (file: File, hooks: { begun?: (number: number) => void; done: (media: UploadedMedia, number: number) => void; failed?: (number: number) => void }) => {
      const number = ++count.current;
      const change = (patch: Partial<Upload>) => setUploads((all) => all.map((one) => (one.number === number ? { ...one, ...patch } : one)));
      if (file.size > limits.pictureBytes) {
        setUploads((all) => [...all, { number, file, share: 0, problem: words.tooBig(file.size) }]);
        return;
      }
      setUploads((all) => [...all, { number, file, share: 0 }]);
      hooks.begun?.(number);
      const sending = upload(file, (share) => change({ share }));
      let cancelled = false;
      aborts.current.set(number, () => {
        cancelled = true;
        sending.abort();
      });
      void sending.result.then((result) => {
        aborts.current.delete(number);
        if (result.kind === "done") {
          remove(number);
          hooks.done(result.value, number);
          return;
        }
        hooks.failed?.(number);
        if (cancelled) return remove(number);
        const refused = result.kind === "refused" ? sayRefusal(result.refusal) : undefined;
        change({ problem: refused || (result.kind === "signedOut" ? words.signedOut : words.unreachable) });
      });
    },
    [remove],
  );

  /** Stops one that is on its way; it ends as one that failed, without a complaint. */
  const cancel = useCallback((number: number) => aborts.current.get(number)?.(), []);

  return { uploads, start, remove, cancel };
}
