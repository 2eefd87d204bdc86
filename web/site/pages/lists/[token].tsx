import type { GetServerSideProps } from "next";
import { Document } from "@/components/document";
import { SharedListBody } from "@/components/shared-list";
import { api } from "@/lib/api";
import { one, otherwise, refuse, show, traceOf } from "@/lib/page";
import { lists } from "@/messages/lists";

export { default } from "@/lib/drawn";

/** Whoever has the link may read; nobody keeps it, and search engines are asked to forget it. */
export const getServerSideProps: GetServerSideProps = async (context) => {
  const token = one(context.params?.token);
  if (!token) return refuse(context, "missing");
  const pageToken = one(context.query.page);
  context.res.setHeader("Cache-Control", "no-store");
  context.res.setHeader("X-Robots-Tag", "noindex, nofollow");
  const answer = await api.listByLink(token, { pageToken }, traceOf(context));
  if (answer.kind === "missing") return refuse(context, "noList");
  if (answer.kind !== "found") return otherwise(context, answer);
  const { list } = answer.body;
  return show(
    context,
    <Document path={context.resolvedUrl} meta={{ title: list.name, description: list.description || lists.shared.by(list.owner.name), noIndex: true }}>
      <SharedListBody page={answer.body} now={Date.now()} base={`/lists/${token}`} paged={pageToken !== undefined} byLink />
    </Document>,
  );
};
