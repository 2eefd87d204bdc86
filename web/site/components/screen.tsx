import { writing } from "@/messages/writing";

/** A whole page that could not be shown. */
export function ErrorScreen({ title, text, again }: { title: string; text: string; again?: boolean }) {
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
        <a className="btn btn-main" href="/me/stories">
          {writing.wrong.toStories}
        </a>
      </p>
    </div>
  );
}
