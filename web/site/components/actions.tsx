// What a reader can do with a story: at the thumb on a phone, under the byline and then at the top edge on wider screens.
import type { ArticlePage } from "@blog/api";
import { shortCount } from "@/lib/counts";
import { reading } from "@/messages/reading";
import { clapping } from "@/messages/clap";
import { Icon } from "./icons";
import { Save } from "./save";

export function Actions({ article }: { article: ArticlePage }) {
  const { claps, responses } = article.counts ?? { claps: 0, responses: 0 };
  return (
    <div className="actions" role="group" aria-label={reading.article.actions} lang="en">
      <Clap subject={article.id} by={article.author.id} total={claps} />
      <a className="btn" href={`${article.url}/responses`} data-respond aria-label={clapping.readResponses(responses)}>
        <Icon name="respond" />
        <span data-response-count>{responses > 0 ? shortCount(responses) : ""}</span>
      </a>
      <span className="spring wide-only" />
      <Save article={article} word />
      <button className="btn" type="button" data-share aria-expanded="false" aria-label={reading.article.share}>
        <Icon name="share" />
        <span className="word">{reading.article.share}</span>
      </button>
    </div>
  );
}

/** The page script claps (islands/claps.ts). */
export function Clap({ subject, by, total }: { subject: string; by: string; total: number }) {
  return (
    <span className="clap" data-clap={subject} data-by={by} data-total={total}>
      <button className="btn" type="button" aria-pressed="false" aria-label={clapping.clap.clap(total)}>
        <Icon name="clap" />
        <span data-clap-total>{total > 0 ? shortCount(total) : ""}</span>
      </button>
      <button className="btn-text" type="button" data-clap-undo aria-label={clapping.clap.undoLabel} hidden>
        {clapping.clap.undo}
      </button>
      <span className="sr" role="status" data-clap-said />
    </span>
  );
}
