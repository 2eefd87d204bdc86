import type { RecommendedArticle } from "@blog/api";
import type { Change } from "@/components/feed/use-feed";
import { Icon } from "@/components/icons";
import { Reason } from "@/components/reason";
import { Story } from "@/components/story";
import { setMuted } from "@/lib/following";
import { setTurnedDown } from "@/lib/for-you";
import { following } from "@/messages/following";
import { forYou as words } from "@/messages/for-you";
import { reading } from "@/messages/reading";

type Wish = Change<RecommendedArticle>;

const less = ({ article }: RecommendedArticle): Wish => ({
  keeps: (item) => (item.article.id === article.id ? null : item),
  done: words.saidLess,
  apply: async (on) => (await setTurnedDown("articles", article.id, on)).kind === "done",
});

const notAuthor = ({ article: { author } }: RecommendedArticle): Wish => ({
  keeps: (item) => (item.article.author.id === author.id ? null : item),
  done: words.saidNotAuthor(author.name),
  apply: async (on) => (await setTurnedDown("people", author.id, on)).kind === "done",
});

const notTopic = ({ slug, name }: { slug: string; name: string }): Wish => ({
  keeps: (item) => (item.article.topics.some((topic) => topic.slug === slug) ? null : item),
  done: words.saidNotTopic(name),
  apply: async (on) => (await setTurnedDown("topics", slug, on)).kind === "done",
});

const mute = ({ article: { author } }: RecommendedArticle): Wish => ({
  keeps: (item) => (item.article.author.id === author.id ? null : item),
  done: following.muted(author.name),
  apply: async (on) => (await setMuted(author.id, on)).kind === "done",
});

export function RecommendedStory({ item, now, onChange }: { item: RecommendedArticle; now: number; onChange: (wish: Wish) => void }) {
  const { article, reason } = item;
  const topic = article.topics[0];
  return (
    <Story
      article={article}
      now={now}
      why={
        <p className="why">
          <Reason reason={reason} />
        </p>
      }
      tools={
        <details className="story-menu" data-menu>
          <summary className="btn btn-icon" aria-label={words.menu(article.title || reading.story.untitled)}>
            <Icon name="more" />
          </summary>
          <div className="menu">
            <button className="menu-item" type="button" onClick={() => onChange(less(item))}>
              <Icon name="less" small />
              {words.less}
            </button>
            <button className="menu-item" type="button" onClick={() => onChange(notAuthor(item))}>
              <Icon name="close" small />
              {words.notAuthor(article.author.name)}
            </button>
            {topic && (
              <button className="menu-item" type="button" onClick={() => onChange(notTopic(topic))}>
                <Icon name="close" small />
                {words.notTopic(topic.name)}
              </button>
            )}
            <button className="menu-item" type="button" onClick={() => onChange(mute(item))}>
              <Icon name="unseen" small />
              {words.mute(article.author.name)}
            </button>
          </div>
        </details>
      }
    />
  );
}
