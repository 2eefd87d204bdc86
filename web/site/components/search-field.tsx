// The field for searching: a form, so that it works without script. Suggestions come when somebody types (islands/search-box.ts).
import { search as words } from "@/messages/search";
import { Icon } from "./icons";

interface SearchFieldProps {
  id: string;
  /** What was looked for. */
  query?: string;
  /** What kind of thing is looked for; undefined: stories. */
  kind?: string;
  /** On the search page: with a button, and with the cursor in it while nothing was looked for. */
  large?: boolean;
}

export function SearchField({ id, query, kind, large }: SearchFieldProps) {
  return (
    <form className={large ? "search search-large" : "search wide-only"} role="search" action="/search" aria-label={words.title} data-search>
      <label className="sr" htmlFor={id}>
        {words.label}
      </label>
      <div className="search-box">
        <Icon name="search" />
        <input
          className="input"
          id={id}
          name="q"
          type="search"
          dir="auto"
          defaultValue={query}
          placeholder={words.placeholder}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="search"
          aria-keyshortcuts="/"
          autoFocus={large && !query}
          suppressHydrationWarning
        />
        {!large && (
          <kbd className="search-key" aria-hidden="true">
            /
          </kbd>
        )}
        <div data-search-list suppressHydrationWarning dangerouslySetInnerHTML={{ __html: "" }} />
      </div>
      {kind && <input type="hidden" name="in" value={kind} />}
      {large && (
        <button className="btn btn-main" type="submit">
          {words.go}
        </button>
      )}
    </form>
  );
}
