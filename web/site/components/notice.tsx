import type { ReactNode } from "react";
import { Icon } from "./icons";

/** What happened, what is safe, what to try. */
export function Notice({ title, text, danger, children }: { title: string; text: ReactNode; danger?: boolean; children?: ReactNode }) {
  return (
    <div className={danger ? "notice notice-danger" : "notice notice-warn"} role={danger ? "alert" : "status"}>
      <Icon name="warning" />
      <div>
        <h2 className="notice-title">{title}</h2>
        <p>{text}</p>
        {children && <div className="row">{children}</div>}
      </div>
    </div>
  );
}

/** In place of a list that did not come, with another try. */
export function Failed({ words, onAgain }: { words: { failed: string; failedText: string; again: string }; onAgain: () => void }) {
  return (
    <div className="notices">
      <Notice danger title={words.failed} text={words.failedText}>
        <button className="btn btn-line" type="button" onClick={onAgain}>
          {words.again}
        </button>
      </Notice>
    </div>
  );
}
