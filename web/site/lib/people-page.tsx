import type { GetServerSideProps } from "next";
import { PeoplePage, type Side } from "@/components/people-page";
import { api } from "./api";
import { cacheable, handleOf, one, otherwise, refuse, show, traceOf } from "./page";

/** The page of one side of a person's follows. */
export const peoplePage =
  (side: Side): GetServerSideProps =>
  async (context) => {
    const handle = handleOf(context.params?.person);
    if (!handle) return refuse(context, "missing");
    const page = one(context.query.page);
    const trace = traceOf(context);
    const [person, list] = await Promise.all([api.person(handle, trace), api[side](handle, { pageToken: page }, trace)]);
    cacheable(context, [`handle:${handle.toLowerCase()}`]);
    if (person.kind !== "found") return otherwise(context, person, `/${side}`);
    if (list.kind !== "found") return otherwise(context, list);
    cacheable(context, [`follows:${person.body.id}`, `author:${person.body.id}`, `handle:${handle.toLowerCase()}`, ...list.body.items.map(({ id }) => `author:${id}`)]);
    return show(context, <PeoplePage path={context.resolvedUrl} side={side} person={person.body} list={list.body} page={page} />);
  };
