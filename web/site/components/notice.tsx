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
