"use client";
import { useId, type ReactNode } from "react";
import { Icon } from "./icons";

interface FieldProps {
  label: string;
  hint?: string;
  error?: string;
  children: (attributes: { id: string; "aria-describedby"?: string; "aria-invalid"?: boolean }) => ReactNode;
}

/** Label above, hint or error below, tied together for assistive technology. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = error || hint ? `${id}-say` : undefined;
  return (
    <div className={error ? "field field-error" : "field"}>
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": described, "aria-invalid": error ? true : undefined })}
      {error ? (
        <p className="error" id={described}>
          <Icon name="warning" small />
          {error}
        </p>
      ) : (
        hint && (
          <p className="hint" id={described}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}
