// What pages do with a link from a mail: ask what it is about, or say why that cannot be told.
import type { MailLinkInfo } from "@blog/api";
import type { GetServerSidePropsContext } from "next";
import { LetterPage } from "@/components/letter-page";
import { newsletter as words } from "@/messages/newsletter";
import { api } from "./api";
import { one, refuse, show, traceOf, type Result } from "./page";

interface Link {
  link?: MailLinkInfo;
  token: string;
  /** The page when there is nothing to show. */
  otherwise: () => Result;
}

const conflict = 409;

export async function linkOf(context: GetServerSidePropsContext): Promise<Link> {
  const { res, query, resolvedUrl: path } = context;
  res.setHeader("Cache-Control", "no-store");
  // The address holds the right to end a subscription: it goes to no other site, not even its origin.
  res.setHeader("Referrer-Policy", "no-referrer");
  const token = one(query.t) ?? "";
  const answer = token ? await api.mailLink(token, traceOf(context)) : undefined;
  const expired = answer?.kind === "failed" && answer.status === conflict;
  return {
    link: answer?.kind === "found" ? answer.body : undefined,
    token,
    otherwise: () => {
      if (answer?.kind === "failed" && !expired) return refuse(context, "broken");
      res.statusCode = expired ? 410 : 404;
      return show(context, <LetterPage path={path} title={expired ? words.expired : words.dead} text={expired ? words.expiredText : words.deadText} />);
    },
  };
}
