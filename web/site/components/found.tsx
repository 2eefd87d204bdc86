// What a search found, with the found words marked. Texts may be in any script and direction.
import type { FoundArticle, FoundPerson, FoundPiece, FoundPublication, FoundTopic } from "@blog/api";
import { people } from "@/messages/people";
import { reading } from "@/messages/reading";
import { Faces, Inside, Names } from "./byline";
import { FollowButton } from "./follow";
import { Avatar } from "./people";
import { Save } from "./save";
import { topicAddress } from "./story";
import { When } from "./when";

export function Found({ pieces }: { pieces: readonly FoundPiece[] }) {
  return pieces.map(({ text, found }, index) =>
    found ? (
      <mark className="found" key={index}>
        {text}
      </mark>
    ) : (
      text
    ),
  );
}

export function FoundStory({ item: { article, title, passage }, now }: { item: FoundArticle; now: number }) {
  const { topics, url } = article;
  const topic = topics[0];
  return (
    <article className="story" data-id={article.id}>
      <div className="byline">
        <Faces article={article} size="s" />
        <span>
          <Names article={article} className="who" />
          <Inside article={article} />
        </span>
      </div>
      <h2 className="story-title found-title" dir="auto">
        <a href={url}>{title.length > 0 ? <Found pieces={title} /> : reading.story.untitled}</a>
      </h2>
      {passage.length > 0 && (
        <p className="story-dek" dir="auto">
          <Found pieces={passage} />
        </p>
      )}
      <div className="story-foot">
        <p className="meta">
          <When instant={article.publishedAt} now={now} />
          <span className="dot">{reading.story.minutes(article.readingMinutes)}</span>
          {topic && (
            <span className="dot">
              <a href={topicAddress(topic.slug)}>{topic.name}</a>
            </span>
          )}
        </p>
        <Save article={article} />
      </div>
    </article>
  );
}

export function FoundPublications({ items }: { items: readonly FoundPublication[] }) {
  return items.map(({ publication: { id, name, url, pictureUrl }, name: pieces }) => (
    <li className="person" key={id}>
      <Avatar person={{ name, avatarUrl: pictureUrl }} />
      <div>
        <a className="who" href={url} dir="auto">
          <Found pieces={pieces} />
        </a>
      </div>
      <FollowButton of={{ kind: "publications", id, name }} />
    </li>
  ));
}

export function FoundPeople({ items }: { items: readonly FoundPerson[] }) {
  return items.map(({ person, name }) => (
    <li className="person" key={person.id} data-id={person.id}>
      <Avatar person={person} />
      <div>
        <a className="who" href={`/@${person.handle}`} dir="auto">
          <Found pieces={name} />
        </a>
        <p className="meta">
          @{person.handle}
          {person.unclaimed && <span className="dot">{people.unclaimed}</span>}
        </p>
        {person.bio && (
          <p className="person-bio" dir="auto">
            {person.bio}
          </p>
        )}
      </div>
      <FollowButton of={{ kind: "people", id: person.id, name: person.name }} />
    </li>
  ));
}

export function FoundTopics({ items }: { items: readonly FoundTopic[] }) {
  return items.map(({ slug, name, articleCount }) => (
    <li key={slug}>
      <a href={topicAddress(slug)} dir="auto">
        <span>
          <Found pieces={name} />
        </span>
      </a>
      <span className="meta">{reading.topics.count(articleCount)}</span>
    </li>
  ));
}
