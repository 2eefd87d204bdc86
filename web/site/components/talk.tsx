// The responses under a story and on pages of their own. The page script fills, sorts and sends (islands/talk); links lead to the same without it.
import type { ArticlePage, ResponseList, ResponseThread } from "@blog/api";
import { drawEmpty, drawSkeleton, drawThread, nested, type Around } from "@/lib/talk/draw";
import { clapping } from "@/messages/clap";
import { talk } from "@/messages/talk";

export type Sort = "best" | "newest";

interface TalkProps {
  article: ArticlePage;
  now: number;
  /** What is drawn already; nothing: the page script asks when the reader comes near. */
  list?: ResponseList;
  thread?: ResponseThread;
  sort?: Sort;
  /** Page token of the list. */
  page?: string;
  level?: "h1" | "h2";
}

export function Talk({ article, now, list, thread, sort = "best", page, level: Title = "h2" }: TalkProps) {
  const total = list?.total ?? thread?.total ?? article.counts?.responses ?? 0;
  const locked = list?.locked ?? thread?.locked ?? article.counts?.locked ?? false;
  const around: Around = { url: article.url, authorId: article.author.id, locked, now, marked: thread?.response.id };
  const all = `${article.url}/responses`;
  const drawn = list ? (list.items.length > 0 ? drawThread(list.items, around) : drawEmpty()) : thread ? drawThread([nested(thread.response, thread.ancestors)], around) : undefined;
  const older = list?.nextPageToken;
  return (
    <section
      className="talk"
      id="responses"
      tabIndex={-1}
      aria-labelledby="responses-title"
      data-talk={article.id}
      data-url={article.url}
      data-author={article.author.id}
      data-author-name={article.author.name}
      data-sort={sort}
      data-locked={locked}
      data-drawn={drawn ? "" : undefined}
      data-page={page}
      data-thread-of={thread?.response.id}
    >
      <div className="talk-head">
        <Title className="section-title" id="responses-title" data-talk-title>
          {talk.title(total)}
        </Title>
        {!thread && (
          <nav className="tabs talk-sort" aria-label={talk.sort.label}>
            {(["best", "newest"] as const).map((order) => (
              <a key={order} href={order === "best" ? all : `${all}?sort=newest`} data-sort-by={order} aria-current={order === sort ? "true" : undefined}>
                {talk.sort[order]}
              </a>
            ))}
          </nav>
        )}
      </div>
      {locked && <p className="talk-locked">{talk.locked}</p>}
      <div data-compose-here />
      <ol className="thread" data-thread dangerouslySetInnerHTML={{ __html: drawn ?? drawSkeleton() }} />
      <p className="sr" role="status" data-talk-said />
      {thread ? (
        <a className="btn btn-line btn-wide" href={all}>
          {talk.allResponses}
        </a>
      ) : (
        <a className="btn btn-line btn-wide" href={older ? `${all}?${sort === "newest" ? "sort=newest&" : ""}page=${encodeURIComponent(older)}` : all} data-more-responses={older ?? ""} hidden={list ? !older : undefined}>
          {list ? talk.more : clapping.readResponses(total)}
        </a>
      )}
    </section>
  );
}
