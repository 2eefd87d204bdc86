// What stands beside a list of stories: people to follow, what many read.
import type { ArticleCard, SuggestedPerson } from "@blog/api";
import { reading } from "@/messages/reading";
import { Names } from "./byline";
import { FollowButton } from "./follow";
import { Avatar } from "./people";
import { Reason } from "./reason";

export function SidePeople({ people, withReason }: { people: readonly SuggestedPerson[]; withReason?: boolean }) {
  return (
    <ul className="side-people">
      {people.map(({ person, reason }) => (
        <li key={person.id}>
          <Avatar person={person} />
          <div>
            <a className="who" href={`/@${person.handle}`}>
              <bdi>{person.name}</bdi>
            </a>
            {withReason ? (
              <p className="meta">
                <Reason reason={reason} />
              </p>
            ) : (
              person.bio && (
                <p className="meta" dir="auto">
                  {person.bio}
                </p>
              )
            )}
          </div>
          <FollowButton of={{ kind: "people", id: person.id, name: person.name }} />
        </li>
      ))}
    </ul>
  );
}

export function SideStories({ articles }: { articles: readonly ArticleCard[] }) {
  return (
    <ol className="side-stories">
      {articles.map((article) => (
        <li key={article.id}>
          <p className="meta">
            <Names article={article} />
          </p>
          <h3 dir="auto">
            <a href={article.url}>{article.title || reading.story.untitled}</a>
          </h3>
        </li>
      ))}
    </ol>
  );
}
