import { useEffect, useState } from "react";
import type { Topic } from "@blog/api";
import { Icon } from "@/components/icons";
import { toast } from "@/islands/toast";
import { popularTopics, setFollowing } from "@/lib/following";
import { following as words } from "@/messages/following";

/** Topics to begin with: each is followed at once. When one was chosen, what follows from it can be shown. */
export function TopicChoices({ showWord = words.show, onShow }: { showWord?: string; onShow: () => void }) {
  const [topics, setTopics] = useState<readonly Topic[]>([]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    void popularTopics().then((answer) => answer.kind === "done" && setTopics(answer.value.items));
  }, []);

  const choose = async (slug: string, on: boolean) => {
    const mark = (wanted: boolean) =>
      setChosen((before) => {
        const after = new Set(before);
        if (wanted) after.add(slug);
        else after.delete(slug);
        return after;
      });
    mark(on);
    if ((await setFollowing("topics", slug, on)).kind === "done") return;
    mark(!on);
    toast(words.didNot);
  };

  if (topics.length === 0) return null;
  return (
    <>
      <h3 className="side-title">{words.topics}</h3>
      <ul className="topics choices">
        {topics.map(({ slug, name }) => {
          const on = chosen.has(slug);
          return (
            <li key={slug}>
              <button className="topic" type="button" aria-pressed={on} aria-label={words.followTopic(name)} onClick={() => void choose(slug, !on)}>
                {on && <Icon name="check" small />}
                {name}
              </button>
            </li>
          );
        })}
      </ul>
      {chosen.size > 0 && (
        <p className="row">
          <button className="btn btn-main" type="button" onClick={onShow}>
            {showWord}
          </button>
        </p>
      )}
    </>
  );
}
