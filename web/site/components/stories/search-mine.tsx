import { Icon } from "@/components/icons";
import { searchMine as words } from "@/messages/search";

/** Finds a draft again by its words; a form, so that what was found has an address. */
export function SearchMine({ query }: { query?: string }) {
  return (
    <form className="search search-mine" role="search" action="/me/stories" aria-label={words.label}>
      <label className="sr" htmlFor="search-mine">
        {words.label}
      </label>
      <div className="search-box">
        <Icon name="search" />
        <input className="input" id="search-mine" name="q" type="search" dir="auto" required maxLength={1000} defaultValue={query} placeholder={words.placeholder} autoComplete="off" enterKeyHint="search" />
      </div>
      <button className="btn btn-line" type="submit">
        {words.go}
      </button>
    </form>
  );
}
