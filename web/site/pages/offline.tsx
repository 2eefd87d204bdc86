import type { GetServerSideProps } from "next";
import { Document } from "@/components/document";
import { assets } from "@/lib/generated/assets";
import { cacheable, show } from "@/lib/page";
import { offline as words } from "@/messages/offline";

export { default } from "@/lib/drawn";

/** The same for everyone and without any data: the service worker keeps it for times without a network, the island fills it from the device. */
export const getServerSideProps: GetServerSideProps = async (context) => {
  cacheable(context, []);
  return show(
    context,
    <Document path="/" scripts={[assets.offline]} meta={{ title: words.titleOnline, description: words.textOnline, canonical: "/offline", noIndex: true }}>
      <main id="main" className="frame" tabIndex={-1}>
        <div className="column">
          <header className="page-head">
            <h1 className="page-title">{words.titleOnline}</h1>
            <p className="standfirst" data-offline-text>
              {words.textOnline}
            </p>
            <button className="btn btn-line" type="button" data-again hidden>
              {words.again}
            </button>
          </header>
          <section data-waiting-part hidden aria-labelledby="waiting">
            <h2 id="waiting" className="kept-head">
              {words.waiting}
            </h2>
            <ul className="kept-list" data-waiting-list />
            <button className="btn btn-line" type="button" data-send>
              {words.retryAll}
            </button>
          </section>
          <section aria-labelledby="kept">
            <h2 id="kept" className="kept-head">
              {words.kept}
            </h2>
            <ul className="kept-list" data-kept />
            <div className="empty" data-kept-none hidden>
              <p className="empty-title">{words.none}</p>
              <p>{words.noneText}</p>
            </div>
          </section>
        </div>
      </main>
    </Document>,
  );
};
