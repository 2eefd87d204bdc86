import type { RecommendationReason } from "@blog/api";
import { spokenReason } from "@/lib/reasons";
import { forYou as words } from "@/messages/for-you";

/** Why something is recommended, with a link to what it speaks of. */
export function Reason({ reason }: { reason: RecommendationReason }) {
  const { text, name } = spokenReason(reason);
  const others = reason.count - 1;
  return (
    <>
      {text}
      {name !== null && (
        <>
          {" "}
          {reason.url ? (
            <a href={reason.url}>
              <bdi>{name}</bdi>
            </a>
          ) : (
            <bdi>{name}</bdi>
          )}
        </>
      )}
      {reason.kind === "followedByFollowed" && others > 0 && ` ${words.and(others)}`}
    </>
  );
}
