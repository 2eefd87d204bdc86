import { TopicChoices } from "@/components/feed/topic-choices";
import { following as words } from "@/messages/following";

/** An empty feed: what belongs here, and topics to begin with. */
export function Beginning({ followsNothing, onShow }: { followsNothing: boolean; onShow: () => void }) {
  return (
    <div className="empty">
      <h2 className="empty-title">{followsNothing ? words.nothing : words.quiet}</h2>
      <p>{followsNothing ? words.nothingText : words.quietText}</p>
      <TopicChoices onShow={onShow} />
      <div className="row">
        <a className="btn btn-line" href="/">
          {words.newest}
        </a>
      </div>
    </div>
  );
}
