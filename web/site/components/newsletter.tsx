import { Icon } from "@/components/icons";
import { newsletter as words } from "@/messages/newsletter";

interface Props {
  author: { id: string; handle: string; name: string };
  /** What was typed before was no address. */
  problem?: boolean;
  /** The page is about nothing else, so the title stands above already. */
  alone?: boolean;
}

/** Following somebody by e-mail without an account: a plain form, which needs no script. */
export function NewsletterForm({ author, problem, alone }: Props) {
  return (
    <form className="newsletter" method="post" action="/newsletter/subscribe" aria-label={alone ? undefined : words.title(author.name)}>
      {!alone && <p className="newsletter-title">{words.title(author.name)}</p>}
      <div className={problem ? "field field-error" : "field"}>
        <label htmlFor="newsletter-email">{words.label}</label>
        <div className="newsletter-row">
          <input
            className="input"
            id="newsletter-email"
            type="email"
            name="email"
            required
            maxLength={254}
            autoComplete="email"
            placeholder={words.placeholder}
            aria-describedby="newsletter-say"
            aria-invalid={problem ? true : undefined}
            autoFocus={problem}
          />
          <button className={alone ? "btn btn-main" : "btn btn-line"} type="submit">
            {words.subscribe}
          </button>
        </div>
        {problem ? (
          <p className="error" id="newsletter-say">
            <Icon name="warning" small />
            {words.wrongEmail}
          </p>
        ) : (
          <p className="hint" id="newsletter-say">
            {words.promise}
          </p>
        )}
      </div>
      <input type="hidden" name="to" value={author.handle} />
      <div className="newsletter-trap" aria-hidden="true">
        <label htmlFor="newsletter-website">{words.trap}</label>
        <input id="newsletter-website" name="website" tabIndex={-1} autoComplete="off" />
      </div>
    </form>
  );
}
