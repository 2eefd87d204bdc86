// A story's place in its series: above the text which part it is, with all of them folded away; after it, the way on.
import type { SeriesNavigation } from "@blog/api";
import { series as words } from "@/messages/series";

export function SeriesHead({ series: { title, url, number, parts } }: { series: SeriesNavigation }) {
  return (
    <nav className="series-head" aria-label={words.nav} lang="en">
      <details>
        <summary>
          <span>
            {words.part(number, parts.length)} {words.in} <b dir="auto">{title}</b>
          </span>
        </summary>
        <ol>
          {parts.map((part) => (
            <li key={part.url} dir="auto">
              {part.current ? <b aria-current="page">{part.title}</b> : <a href={part.url}>{part.title}</a>}
            </li>
          ))}
        </ol>
        <p>
          <a className="link" href={url}>
            {words.all}
          </a>
        </p>
      </details>
    </nav>
  );
}

export function SeriesEnds({ series: { title, url, number, parts } }: { series: SeriesNavigation }) {
  const [previous, next] = [parts[number - 2], parts[number]];
  if (!previous && !next) return null;
  return (
    <nav className="series-ends" aria-label={title} lang="en">
      <p className="meta">
        {words.part(number, parts.length)} {words.in}{" "}
        <a className="link" href={url} dir="auto">
          {title}
        </a>
      </p>
      <div>
        {previous && (
          <a href={previous.url} rel="prev">
            <span className="meta">{words.previous}</span>
            <b dir="auto">{previous.title}</b>
          </a>
        )}
        {next && (
          <a href={next.url} rel="next" className="series-next">
            <span className="meta">{words.next}</span>
            <b dir="auto">{next.title}</b>
          </a>
        )}
      </div>
    </nav>
  );
}
