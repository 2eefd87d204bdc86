import type { GetServerSideProps } from "next";
import { LetterPage } from "@/components/letter-page";
import { linkOf } from "@/lib/mail-link";
import { show } from "@/lib/page";
import { newsletter as words } from "@/messages/newsletter";

export { default } from "@/lib/drawn";

/** Where the link of the first mail leads. Programs open every link of a mail, so looking changes nothing: a button confirms. */
export const getServerSideProps: GetServerSideProps = async (context) => {
  const { link, token, otherwise } = await linkOf(context);
  if (!link?.newsletter) return otherwise();
  const { author, maskedEmail, state } = link.newsletter;
  return show(
    context,
    <LetterPage
      path={context.resolvedUrl}
      title={state === "active" ? words.active : words.confirm}
      text={state === "active" ? words.activeText(author.name, maskedEmail) : words.confirmText(author.name, maskedEmail)}
    >
      {state === "active" ? (
        <p className="row">
          <a className="btn btn-main" href={`/@${author.handle}`}>
            {words.toAuthor(author.name)}
          </a>
        </p>
      ) : (
        <form className="row" method="post" action="/newsletter/confirm">
          <input type="hidden" name="t" value={token} />
          <button className="btn btn-main" type="submit">
            {words.confirmButton}
          </button>
        </form>
      )}
    </LetterPage>,
  );
};
