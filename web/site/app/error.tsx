"use client";
import { Frame } from "@/components/frame";
import { writing } from "@/messages/writing";

export default function Broken() {
  return (
    <Frame path="/me/stories">
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column page-head wrong">
          <h1 className="page-title">{writing.wrong.title}</h1>
          <p className="standfirst">{writing.wrong.text}</p>
          <p className="row">
            <button className="btn btn-main" type="button" onClick={() => location.reload()}>
              {writing.wrong.again}
            </button>
          </p>
        </div>
      </main>
    </Frame>
  );
}
