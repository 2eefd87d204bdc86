"use client";
import { useEffect, useState } from "react";
import type { FoundTopic, Topic } from "@blog/api";
import { Combobox } from "@/components/combobox";
import { Field } from "@/components/field";
import { Icon } from "@/components/icons";
import { findTopics, topicsLikeText } from "@/lib/my-topics";
import { limits } from "@/lib/writing/content";
import { writing } from "@/messages/writing";

const words = writing.panel;
/** Between two keys of somebody who is still typing. */
const pause = 120;

const same = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase();

const nameOf = ({ name }: FoundTopic) => name.map(({ text }) => text).join("");

interface TopicsProps {
  /** Undefined: it was never saved. */
  articleId?: string;
  topics: readonly string[];
  error?: string;
  onChange: (topics: string[]) => void;
}

/** What a story is about: topics that exist, found while one types or from the words of the story, and new ones. */
export function Topics({ articleId, topics, error, onChange }: TopicsProps) {
  const [typed, setTyped] = useState("");
  const [said, setSaid] = useState("");
  const found = useFound(typed);
  const like = useLikeText(articleId);
  const full = topics.length >= limits.topics;
  const isChosen = (name: string) => topics.some((topic) => same(topic, name));

  const add = (text: string) => {
    const name = text.trim().slice(0, limits.topic);
    setTyped("");
    if (!name || full || isChosen(name)) return;
    onChange([...topics, name]);
    setSaid(words.topicAdded(name));
  };
  const remove = (name: string) => {
    onChange(topics.filter((topic) => topic !== name));
    setSaid(words.topicRemoved(name));
  };

  const choices = full ? [] : found.filter((topic) => !isChosen(nameOf(topic)));
  const suggested = full ? [] : like.filter(({ name }) => !isChosen(name));
  return (
    <div className="stack topics-field">
      {topics.length > 0 && (
        <ul className="topics" aria-label={words.topics}>
          {topics.map((topic) => (
            <li className="topic" key={topic}>
              <bdi>{topic}</bdi>
              <button className="btn btn-icon" type="button" aria-label={words.removeTopic(topic)} onClick={() => remove(topic)}>
                <Icon name="close" small />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Field label={words.topics} hint={full ? words.topicsFull : words.topicsHint(topics.length, limits.topics)} error={error}>
        {(attributes) => (
          <Combobox
            attributes={attributes}
            text={typed}
            choices={choices.map((topic) => ({ id: topic.slug, label: topic.name.map(({ text, found: marked }, at) => (marked ? <mark className="found" key={at}>{text}</mark> : text)), detail: words.topicStories(topic.articleCount) }))}
            list={words.topicsList}
            said={words.topicsFound}
            placeholder={full ? undefined : words.addTopic}
            maxLength={limits.topic}
            onType={(text) => {
              // A comma ends a topic, as in most places where one lists some.
              if (full) return;
              const [first = "", ...rest] = text.split(/[,،、，]/);
              if (rest.length > 0) add(first);
              else setTyped(text);
            }}
            onChoose={({ id }) => {
              const chosen = found.find(({ slug }) => slug === id);
              if (chosen) add(nameOf(chosen));
            }}
            onEnter={() => add(typed)}
            onLeave={() => add(typed)}
            onKey={(event) => {
              const last = topics.at(-1);
              if (event.key !== "Backspace" || typed || !last) return false;
              event.preventDefault();
              remove(last);
              return true;
            }}
          />
        )}
      </Field>
      {suggested.length > 0 && (
        <div role="group" aria-label={words.topicsLike}>
          <p className="hint">{words.topicsLike}</p>
          <ul className="topics">
            {suggested.map(({ slug, name }) => (
              <li key={slug}>
                <button className="topic topic-add" type="button" aria-label={words.addThisTopic(name)} onClick={() => add(name)}>
                  <Icon name="plus" small />
                  <bdi>{name}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className="sr" role="status">
        {said}
      </p>
    </div>
  );
}

/** Topics that are called like what was typed, also when it was typed not quite right. */
function useFound(typed: string): readonly FoundTopic[] {
  const [found, setFound] = useState<{ of: string; topics: readonly FoundTopic[] }>({ of: "", topics: [] });
  const text = typed.trim();
  useEffect(() => {
    if (!text) return;
    const asking = new AbortController();
    const timer = setTimeout(() => {
      void findTopics(text, asking.signal).then((answer) => {
        // Without an answer there is no list; the topic can be typed in full.
        if (!asking.signal.aborted) setFound({ of: text, topics: answer.kind === "done" ? answer.value.items : [] });
      });
    }, pause);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [text]);
  return text ? found.topics : [];
}

function useLikeText(articleId: string | undefined): readonly Topic[] {
  const [topics, setTopics] = useState<readonly Topic[]>([]);
  useEffect(() => {
    if (articleId) void topicsLikeText(articleId).then((answer) => answer.kind === "done" && setTopics(answer.value.items));
  }, [articleId]);
  return topics;
}
