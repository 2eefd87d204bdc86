import type { GetServerSideProps } from "next";
import { Act, LetterPage } from "@/components/letter-page";
import { linkOf } from "@/lib/mail-link";
import { one, show } from "@/lib/page";
import { newsletter as words } from "@/messages/newsletter";

export { default } from "@/lib/drawn";

/** Where the links at the end of every mail lead: what it belongs to, and buttons to end it or take that back. Looking changes nothing. */
export const getServerSideProps: GetServerSideProps = async (context) => {
  const path = context.resolvedUrl;
  const { link, token, otherwise } = await linkOf(context);
  const to = `/unsubscribe?t=${encodeURIComponent(token)}`;
  if (link?.notifications) {
    const { kinds, enabled } = link.notifications;
    const kind = kinds[0];
    const title = enabled ? words.mail.on(kind) : words.mail.off(kind);
    return show(
      context,
      <LetterPage path={path} title={title} text={enabled ? words.mail.onText : words.mail.offText}>
        <div className="row">
          {enabled ? <Act to={to} action="end" label={words.mail.end} main /> : <Act to={to} action="undo" label={words.mail.undo} />}
          <a className="btn btn-line" href="/settings/notifications">
            {words.mail.settings}
          </a>
        </div>
      </LetterPage>,
    );
  }
  if (!link?.newsletter) return otherwise();
  const { author, maskedEmail, state } = link.newsletter;
  const toAuthor = (
    <a className="btn btn-line" href={`/@${author.handle}`}>
      {words.toAuthor(author.name)}
    </a>
  );
  if (state === "pending") return show(context, <LetterPage path={path} title={words.pending} text={words.pendingText} />);
  if (state === "ended") {
    return show(
      context,
      <LetterPage path={path} title={words.ended} text={words.endedText(author.name, maskedEmail)}>
        <div className="row">
          <Act to={to} action="undo" label={words.undo} />
          {toAuthor}
        </div>
      </LetterPage>,
    );
  }
  const fresh = one(context.query.done) === "confirmed";
  return show(
    context,
    <LetterPage path={path} title={fresh ? words.confirmed : words.active} text={fresh ? words.confirmedText(author.name, maskedEmail) : words.activeText(author.name, maskedEmail)}>
      <div className="row">
        {fresh ? toAuthor : <Act to={to} action="end" label={words.end} main />}
        {fresh ? <Act to={to} action="end" label={words.end} /> : <Act to={to} action="everything" label={words.everything} />}
      </div>
    </LetterPage>,
  );
};
