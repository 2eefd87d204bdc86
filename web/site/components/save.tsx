import type { ArticleCard } from "@blog/api";
import { lists } from "@/messages/lists";
import { Icon } from "./icons";

/** A bookmark. The page script saves (islands/saving.ts) and shows what is saved; without script there is none. */
export function Save({ article, word }: { article: Pick<ArticleCard, "id" | "title" | "url">; word?: boolean }) {
  const label = lists.save.save(article.title);
  return (
    <button
      className={word ? "btn save" : "btn btn-icon save"}
      type="button"
      data-save={article.id}
      data-url={article.url}
      data-title={article.title}
      aria-pressed="false"
      aria-label={label}
      title={word ? undefined : lists.save.word}
      suppressHydrationWarning
    >
      <Icon name="bookmark" />
      {word && (
        <span className="word" suppressHydrationWarning>
          {lists.save.word}
        </span>
      )}
    </button>
  );
}
