import type { ArticlePage } from "@blog/api";
import { talk as words } from "@/messages/talk";
import { Document } from "./document";
import { Talk } from "./talk";

interface TalkPageProps {
  path: string;
  article: ArticlePage;
  title: string;
  canonical: string;
  talk: Omit<Parameters<typeof Talk>[0], "article">;
}

/** Responses on a page of their own, under the title of what they respond to. */
export function TalkPage({ path, article, title, canonical, talk }: TalkPageProps) {
  return (
    <Document path={path} feed={`/@${article.author.handle}/feed.xml`} meta={{ title, description: article.description || title, canonical, noIndex: Boolean(talk.thread || talk.page) }}>
      <main id="main" tabIndex={-1}>
        <div className="frame">
          <div className="column talk-page">
            <p className="talk-story">
              <a href={article.url}>{article.title}</a>
              <span className="meta">{article.author.name}</span>
            </p>
            <Talk article={article} level="h1" {...talk} />
            <p className="talk-back">
              <a className="btn btn-bare" href={article.url}>
                {words.backToStory}
              </a>
            </p>
          </div>
        </div>
      </main>
    </Document>
  );
}
