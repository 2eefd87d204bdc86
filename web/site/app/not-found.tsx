import { Frame } from "@/components/frame";
import { reading } from "@/messages/reading";

export default function NotFound() {
  const { notFound, notFoundText, toHome } = reading.wrong;
  return (
    <Frame path="/">
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column page-head wrong">
          <h1 className="page-title">{notFound}</h1>
          <p className="standfirst">{notFoundText}</p>
          <p className="row">
            <a className="btn btn-main" href="/">
              {toHome}
            </a>
          </p>
        </div>
      </main>
    </Frame>
  );
}
