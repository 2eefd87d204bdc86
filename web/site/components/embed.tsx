// A story as a card in somebody else's page: one small document, no script, nothing that says who looks at it.
import type { ReactNode } from "react";
import type { ArticlePage } from "@blog/api";
import { publicOrigin } from "@/lib/api";
import { namesOf } from "@/lib/authors";
import { fullDate } from "@/lib/dates";
import { excerpt } from "@/lib/excerpt";
import { assets } from "@/lib/generated/assets";
import { sourceOf } from "@/lib/pictures";
import { openWeb } from "@/messages/open-web";
import { reading } from "@/messages/reading";

const { embed } = openWeb;

function Card({ title, canonical, children }: { title: string; canonical?: string; children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        {canonical && <link rel="canonical" href={canonical} />}
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={assets.embed} />
      </head>
      <body>
        <main className="card">{children}</main>
      </body>
    </html>
  );
}

export function EmbeddedStory({ article }: { article: ArticlePage }) {
  const address = new URL(article.url, publicOrigin()).href;
  const { cover } = article;
  return (
    <Card title={`${article.title} · ${reading.site.name}`} canonical={article.canonicalUrl ?? address}>
      <div className="card-main">
        <div lang={article.language ?? undefined} dir="auto">
          <h1 className="card-title" dir="auto">
            <a href={address} target="_blank" rel="noopener">
              {article.title}
            </a>
          </h1>
          <p className="card-text" dir="auto">
            {article.description || excerpt(article.html)}
          </p>
        </div>
        {cover && <img className="card-picture" {...sourceOf(cover.url, cover.width, 384)} sizes="9rem" width={cover.width} height={cover.height} alt={cover.alt} />}
      </div>
      <p className="card-foot">
        <span>{namesOf(article)}</span>
        <span>
          <time dateTime={article.publishedAt}>{fullDate(article.publishedAt)}</time>
        </span>
        <span>{embed.minutes(article.readingMinutes)}</span>
        <span className="site">{reading.site.name}</span>
      </p>
    </Card>
  );
}

export function EmbeddedProblem({ title }: { title: string }) {
  return (
    <Card title={title}>
      <div className="card-main">
        <h1 className="card-title">
          <a href={publicOrigin()} target="_blank" rel="noopener">
            {title}
          </a>
        </h1>
      </div>
      <p className="card-foot">
        <span className="site">{reading.site.name}</span>
      </p>
    </Card>
  );
}
