import type { ArticleCard } from "@blog/api";
import { authorsOf, namesInParts } from "@/lib/authors";
import { publications } from "@/messages/publications";
import { Avatar } from "./people";

/** Everybody who wrote it, each a link to their page. */
export function Names({ article, className }: { article: Pick<ArticleCard, "author" | "coAuthors"> & Partial<Pick<ArticleCard, "coAuthorNames">>; className?: string }) {
  return namesInParts(article).map(({ author, text }, at) =>
    author ? (
      <a key={author.id} className={className} href={`/@${author.handle}`} rel={className ? "author" : undefined}>
        <bdi>{text}</bdi>
      </a>
    ) : (
      <span key={at}>{text}</span>
    ),
  );
}

/** "in Harbour Notes", where it appeared. */
export function Inside({ article: { publication } }: { article: Pick<ArticleCard, "publication"> }) {
  return (
    publication && (
      <>
        {" "}
        <span className="inside">{publications.inside}</span>{" "}
        <a className="who" href={publication.url}>
          <bdi>{publication.name}</bdi>
        </a>
      </>
    )
  );
}

/** Their pictures, the first on top; three tell that there are several. */
export function Faces({ article, size }: { article: Pick<ArticleCard, "author" | "coAuthors">; size?: "s" | "m" }) {
  const shown = authorsOf(article).slice(0, 3);
  if (shown.length === 1) return <Avatar person={article.author} size={size} />;
  return (
    <span className="faces">
      {shown.map((author) => (
        <Avatar key={author.id} person={author} size={size} />
      ))}
    </span>
  );
}
