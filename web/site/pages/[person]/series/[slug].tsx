import type { GetServerSideProps } from "next";
import { Document } from "@/components/document";
import { SeriesBody } from "@/components/series/series-body";
import { api } from "@/lib/api";
import { authorTags } from "@/lib/authors";
import { cacheable, handleOf, one, otherwise, refuse, show, traceOf } from "@/lib/page";
import { reading } from "@/messages/reading";
import { series as words } from "@/messages/series";

export { default } from "@/lib/drawn";

export const getServerSideProps: GetServerSideProps = async (context) => {
  const handle = handleOf(context.params?.person);
  const slug = one(context.params?.slug);
  if (!handle || !slug) return refuse(context, "missing");
  const trace = traceOf(context);
  const answer = await api.series(handle, slug, trace);
  if (answer.kind !== "found") {
    // Which person it would belong to is part of what the answer depends on.
    const person = await api.person(handle, trace);
    cacheable(context, [`handle:${handle.toLowerCase()}`, ...(person.kind === "found" ? [`series-of:${person.body.id}`] : [])]);
    return otherwise(context, answer);
  }
  const series = answer.body;
  const { owner, parts } = series;
  const home = `/@${owner.handle}`;
  cacheable(context, [`handle:${handle.toLowerCase()}`, `author:${owner.id}`, `series:${series.id}`, `series-of:${owner.id}`, ...parts.flatMap((article) => [`article:${article.id}`, ...authorTags(article)])]);
  return show(
    context,
    <Document
      path={context.resolvedUrl}
      feed={`${home}/feed.xml`}
      meta={{
        title: series.title,
        wholeTitle: `${series.title} · ${owner.name}`,
        description: series.description || words.page.by(owner.name),
        canonical: series.url,
        feed: { href: `${home}/feed.xml`, title: reading.profile.feedOf(owner.name) },
        trail: [
          { name: owner.name, path: home },
          { name: series.title, path: series.url },
        ],
        series: { name: series.title, owner: { name: owner.name, url: home }, parts: parts.map(({ title, url }) => ({ title, url })) },
      }}
    >
      <SeriesBody series={series} now={Date.now()} />
    </Document>,
  );
};
