import type { GetServerSideProps } from "next";
import { api, publicOrigin } from "@/lib/api";
import { sendFeed } from "@/lib/feed";
import { cacheable, handleOf, otherwise, refuse, traceOf } from "@/lib/page";
import { reading } from "@/messages/reading";

export { default } from "@/lib/drawn";

export const getServerSideProps: GetServerSideProps = async (context) => {
  const handle = handleOf(context.params?.person);
  if (!handle) return refuse(context, "missing");
  const trace = traceOf(context);
  const [person, list] = await Promise.all([api.person(handle, trace), api.articlesOf(handle, { pageSize: 30 }, trace)]);
  cacheable(context, [`handle:${handle.toLowerCase()}`]);
  if (person.kind !== "found") return otherwise(context, person, "/feed.xml");
  cacheable(context, [`author:${person.body.id}`, `handle:${handle.toLowerCase()}`]);
  const { name, bio } = person.body;
  const page = `/@${person.body.handle}`;
  return sendFeed(context, list, {
    title: `${name} · ${reading.site.name}`,
    description: bio || reading.profile.feedOf(name),
    origin: publicOrigin(),
    page,
    self: `${page}/feed.xml`,
  });
};
