import type { GetServerSideProps } from "next";
import { publicOrigin } from "@/lib/api";
import { openSearch } from "@/lib/open-search";
import { cacheable } from "@/lib/page";

export { default } from "@/lib/drawn";

export const getServerSideProps: GetServerSideProps = async (context) => {
  cacheable(context, ["site"]);
  context.res.setHeader("Content-Type", "application/opensearchdescription+xml; charset=utf-8");
  context.res.end(openSearch(publicOrigin()));
  return { props: {} };
};
