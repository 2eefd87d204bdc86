import type { ReactNode } from "react";
import { Document } from "./document";

/** A page with one thing to say and one to do, where links from mail lead. */
export function LetterPage({ path, title, text, children }: { path: string; title: string; text: string; children?: ReactNode }) {
  return (
    <Document path={path} meta={{ title, description: text, noIndex: true }}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column page-head letter">
          <h1 className="page-title">{title}</h1>
          <p className="standfirst">{text}</p>
          {children}
        </div>
      </main>
    </Document>
  );
}

/** A button that posts. */
export function Act({ action, to, label, main }: { action?: string; to: string; label: string; main?: boolean }) {
  return (
    <form method="post" action={to}>
      {action && <input type="hidden" name="action" value={action} />}
      <button className={main ? "btn btn-main" : "btn btn-line"} type="submit">
        {label}
      </button>
    </form>
  );
}
