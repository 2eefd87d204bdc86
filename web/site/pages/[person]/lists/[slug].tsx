import type { GetServerSideProps } from "next";
import { Document } from "@/components/document";
import { SharedListBody } from "@/components/shared-list";
import { api } from "@/lib/api";
import { listTags } from "@/lib/list-tags";
import { cacheable, handleOf, one, otherwise, refuse, show, traceOf } from "@/lib/page";
import { lists } from "@/messages/lists";

export { default } from "@/lib/drawn";

export const getServerSideProps: GetServerSideProps = async (context) => {
  const handle = handleOf(context.params?.person);
  const slug = one(context.params?.slug);
  if (!handle || !slug) return refuse(context, "missing");
  const pageToken = one(context.query.page);
  const trace = traceOf(context);
  const answer = await api.listOf(handle, slug, { pageToken }, trace);
  if (answer.kind !== "found") {
    // Which person it would belong to is part of what the answer depends on.
    const person = await api.person(handle, trace);
    cacheable(context, [`handle:${handle.toLowerCase()}`, ...(person.kind === "found" ? [`lists:${person.body.id}`] : [])]);
    return otherwise(context, answer);
  }
  const { list } = answer.body;
  const base = list.url ?? context.resolvedUrl;
  const paged = pageToken !== undefined;
  cacheable(context, [`handle:${handle.toLowerCase()}`, ...listTags(answer.body)]);
  return show(
    context,
    <Document
      path={context.resolvedUrl}
      meta={{ title: list.name, wholeTitle: `${list.name} · ${list.owner.name}`, description: list.description || lists.shared.by(list.owner.name), canonical: paged ? context.resolvedUrl : base }}
    >
      <SharedListBody page={answer.body} now={Date.now()} base={base} paged={paged} />
    </Document>,
  );
};
