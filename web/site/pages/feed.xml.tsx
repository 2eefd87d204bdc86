import type { GetServerSideProps } from "next";
import { api, publicOrigin } from "@/lib/api";
import { sendFeed } from "@/lib/feed";
import { cacheable, traceOf } from "@/lib/page";
import { reading } from "@/messages/reading";

export { default } from "@/lib/drawn";

export const getServerSideProps: GetServerSideProps = async (context) => {
  const list = await api.articles({ pageSize: 30 }, traceOf(context));
  cacheable(context, ["list"]);
  const { name, description } = reading.site;
  return sendFeed(context, list, { title: name, description, origin: publicOrigin(), page: "/", self: "/feed.xml" });
};
