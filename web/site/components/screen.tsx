import { writing } from "@/messages/writing";

const stories = { href: "/me/stories", label: writing.wrong.toStories };

/** A whole page that could not be shown. */
export function ErrorScreen({ title, text, again, to = stories }: { title: string; text: string; again?: boolean; to?: { href: string; label: string } }) {
  return (
    <div className="column page-head wrong">
      <h1 className="page-title">{title}</h1>
      <p className="standfirst">{text}</p>
      <p className="row">
        {again && (
          <button className="btn btn-line" type="button" onClick={() => location.reload()}>
            {writing.wrong.again}
          </button>
        )}
        <a className="btn btn-main" href={to.href}>
          {to.label}
        </a>
      </p>
    </div>
  );
}
