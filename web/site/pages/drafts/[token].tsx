import type { GetServerSideProps } from "next";
import { Document } from "@/components/document";
import { namesIn, SharedDraftBody } from "@/components/reviews/shared-draft";
import { api } from "@/lib/api";
import { one, otherwise, refuse, show, traceOf } from "@/lib/page";
import { reviews } from "@/messages/reviews";

export { default } from "@/lib/drawn";

const words = reviews.draft;

/** Whoever has the link reads the newest saved draft; nobody keeps it, nobody is told where it is, and nothing is counted. */
export const getServerSideProps: GetServerSideProps = async (context) => {
  const token = one(context.params?.token);
  context.res.setHeader("Cache-Control", "no-store");
  context.res.setHeader("X-Robots-Tag", "noindex, nofollow, noarchive");
  if (!token) return refuse(context, "noDraft");
  const answer = await api.draftByLink(token, traceOf(context));
  if (answer.kind === "missing") return refuse(context, "noDraft");
  if (answer.kind === "gone") return refuse(context, "draftEnded");
  if (answer.kind !== "found") return otherwise(context, answer);
  const draft = answer.body;
  return show(
    context,
    <Document path={context.resolvedUrl} bare meta={{ title: words.title(draft.title || reviews.untitled), description: words.by(namesIn(draft)), noIndex: true, language: draft.language }}>
      <SharedDraftBody draft={draft} token={token} now={Date.now()} />
    </Document>,
  );
};
