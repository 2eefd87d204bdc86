import { lists } from "@/messages/lists";
import { reading } from "@/messages/reading";
import { reviews } from "@/messages/reviews";
import { Document } from "./document";

export type Wrong = "missing" | "gone" | "broken" | "noTopic" | "noList" | "noDraft" | "draftEnded";

const words = {
  missing: { title: reading.wrong.notFound, text: reading.wrong.notFoundText },
  gone: { title: reading.wrong.gone, text: reading.wrong.goneText },
  noTopic: { title: reading.wrong.noTopic, text: reading.wrong.noTopicText },
  noDraft: { title: reviews.draft.missing, text: reviews.draft.missingText },
  draftEnded: { title: reviews.draft.ended, text: reviews.draft.endedText },
  noList: { title: lists.shared.missing, text: lists.shared.missingText },
  broken: { title: reading.wrong.broken, text: reading.wrong.brokenText },
} as const;

/** What happened, what is safe, what to try. */
export function WrongPage({ wrong, path }: { wrong: Wrong; path: string }) {
  const { title, text } = words[wrong];
  return (
    <Document path={path} meta={{ title, description: text, noIndex: true }}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column page-head wrong">
          <h1 className="page-title">{title}</h1>
          <p className="standfirst">{text}</p>
          <p className="row">
            {wrong === "broken" && (
              <a className="btn btn-line" href={path}>
                {reading.wrong.again}
              </a>
            )}
            <a className="btn btn-main" href="/">
              {reading.wrong.toHome}
            </a>
          </p>
        </div>
      </main>
    </Document>
  );
}
