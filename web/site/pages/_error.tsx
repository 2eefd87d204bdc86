import type { NextPageContext } from "next";
import { refuse, type Context } from "@/lib/page";

/** Only what escapes a page's own handling comes here. */
export default function Broken() {
  return null;
}

Broken.getInitialProps = ({ req, res, asPath }: NextPageContext) => {
  if (req && res && !res.writableEnded) refuse({ req, res, resolvedUrl: asPath ?? "/" } as Context, "broken");
  return {};
};
