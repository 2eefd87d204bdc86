"use client";
import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from "react";

export interface Choice {
  id: string;
  label: ReactNode;
  /** Beside it, quieter. */
  detail?: ReactNode;
}

interface ComboboxProps {
  /** From the field around it. */
  attributes: { id: string; "aria-describedby"?: string; "aria-invalid"?: boolean };
  text: string;
  /** What goes with the text now. */
  choices: readonly Choice[];
  /** What the list is called. */
  list: string;
  /** How many choices there are, for those who do not see them. */
  said: (count: number) => string;
  placeholder?: string;
  maxLength?: number;
  onType: (text: string) => void;
  onChoose: (choice: Choice) => void;
  /** Enter without a choice. */
  onEnter?: () => void;
  onLeave?: () => void;
  /** Other keys; true: it was for this. */
  onKey?: (event: KeyboardEvent<HTMLInputElement>) => boolean;
}

/**
 * A field with a list of what may be meant (WAI-ARIA APG, "Editable Combobox With List Autocomplete", manual selection): the field keeps the focus and its text, the arrows move
 * through the list, Enter takes the choice, Escape closes the list and nothing else.
 */
export function Combobox({ attributes, text, choices, list, said, placeholder, maxLength, onType, onChoose, onEnter, onLeave, onKey }: ComboboxProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const shown = open && choices.length > 0;
  const current = shown ? choices[active] : undefined;

  useEffect(() => {
    if (current) document.getElementById(`${id}-${current.id}`)?.scrollIntoView({ block: "nearest" });
  }, [current, id]);

  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const choose = (choice: Choice) => {
    close();
    onChoose(choice);
  };

  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    // The key belongs to the input method.
    if (event.nativeEvent.isComposing || event.keyCode === 229 || onKey?.(event)) return;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        setOpen(true);
        if (event.altKey) return;
        // Beyond either end is the field itself.
        const next = active === -1 && step === -1 ? choices.length - 1 : active + step;
        return setActive(next >= choices.length ? -1 : next);
      }
      case "Enter":
        if (!current && !onEnter) return;
        event.preventDefault();
        if (current) return choose(current);
        close();
        return onEnter?.();
      case "Escape":
        if (!shown) return;
        event.preventDefault();
        event.stopPropagation();
        return close();
      case "Home":
      case "End":
      case "ArrowLeft":
      case "ArrowRight":
        return setActive(-1);
    }
  };

  return (
    <div className="combobox">
      <input
        {...attributes}
        className="input"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-activedescendant={current && `${id}-${current.id}`}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        dir="auto"
        placeholder={placeholder}
        maxLength={maxLength}
        value={text}
        onChange={(event) => {
          setOpen(true);
          setActive(-1);
          onType(event.target.value);
        }}
        onClick={() => setOpen(true)}
        onKeyDown={keys}
        onBlur={() => {
          close();
          onLeave?.();
        }}
      />
      {/* A press must not take the focus, or the list would be gone before the click. */}
      <ul id={`${id}-list`} className="menu" role="listbox" aria-label={list} hidden={!shown} onMouseDown={(event) => event.preventDefault()}>
        {choices.map((choice) => (
          <li key={choice.id} id={`${id}-${choice.id}`} className="menu-item" role="option" aria-selected={choice === current} onClick={() => choose(choice)}>
            <span dir="auto">{choice.label}</span>
            {choice.detail && <span className="meta">{choice.detail}</span>}
          </li>
        ))}
      </ul>
      <p className="sr" role="status">
        {shown && said(choices.length)}
      </p>
    </div>
  );
}
