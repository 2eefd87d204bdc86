import type { GetServerSideProps } from "next";
import { LetterPage } from "@/components/letter-page";
import { NewsletterForm } from "@/components/newsletter";
import { api } from "@/lib/api";
import { one, refuse, show, traceOf } from "@/lib/page";
import { newsletter as words } from "@/messages/newsletter";

export { default } from "@/lib/drawn";

/** The form on a page of its own, and what is said after it was sent: the same to everyone. */
export const getServerSideProps: GetServerSideProps = async (context) => {
  const { resolvedUrl: path, query, res } = context;
  res.setHeader("Cache-Control", "no-store");
  const handle = one(query.to);
  const answer = handle ? await api.person(handle, traceOf(context)) : undefined;
  if (answer?.kind === "failed") return refuse(context, "broken");
  if (answer?.kind === "moved") {
    const present = /\/people\/([^/?#]+)/.exec(answer.location)?.[1];
    if (present) return { redirect: { destination: `/newsletter/subscribe?to=${present}${one(query.done) ? "&done=1" : ""}`, statusCode: 307 } };
  }
  if (answer?.kind !== "found" || answer.body.unclaimed) {
    res.statusCode = 404;
    return show(context, <LetterPage path={path} title={words.nobody} text={words.nobodyText} />);
  }
  const person = answer.body;
  if (one(query.done)) {
    return show(
      context,
      <LetterPage path={path} title={words.sent} text={words.sentText(person.name)}>
        <p className="hint">{words.sentHint}</p>
        <p className="row">
          <a className="btn btn-main" href={`/@${person.handle}`}>
            {words.toAuthor(person.name)}
          </a>
          <a className="btn btn-line" href={`/newsletter/subscribe?to=${person.handle}`}>
            {words.again}
          </a>
        </p>
      </LetterPage>,
    );
  }
  return show(
    context,
    <LetterPage path={path} title={words.title(person.name)} text={person.bio || words.promise}>
      <NewsletterForm author={person} problem={one(query.problem) === "email"} alone />
    </LetterPage>,
  );
};
