// A series as readers have it.
import type { SeriesPage } from "@blog/api";
import { Avatar } from "@/components/people";
import { Story } from "@/components/story";
import { When } from "@/components/when";
import { series } from "@/messages/series";

const words = series.page;

export function SeriesBody({ series: { title, description, owner, updatedAt, parts }, now }: { series: SeriesPage; now: number }) {
  return (
    <main id="main" className="frame" tabIndex={-1}>
      <div className="column">
        <header className="page-head">
          <p className="meta">{words.label}</p>
          <h1 className="page-title" dir="auto">
            {title}
          </h1>
          {description && (
            <p className="standfirst" dir="auto">
              {description}
            </p>
          )}
          <div className="byline">
            <Avatar person={owner} size="s" />
            <div>
              <a className="who" href={`/@${owner.handle}`}>
                <bdi>{owner.name}</bdi>
              </a>
              <span className="meta">
                {words.parts(parts.length)}
                <span className="dot">
                  {words.updated} <When instant={updatedAt} now={now} />
                </span>
              </span>
            </div>
          </div>
        </header>
        <ol className="series-parts ruled" aria-label={words.order}>
          {parts.map((article) => (
            <li key={article.id}>
              <Story article={article} now={now} />
            </li>
          ))}
        </ol>
      </div>
    </main>
  );
}
