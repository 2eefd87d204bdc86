"use client";
import { useEffect, useState } from "react";
import type { ForYouPage as Page, RecommendedArticle, SuggestedPerson } from "@blog/api";
import { FeedBody } from "@/components/feed/feed-body";
import { HomeTabs } from "@/components/feed/home-tabs";
import { TopicChoices } from "@/components/feed/topic-choices";
import { useFeed } from "@/components/feed/use-feed";
import { Frame } from "@/components/frame";
import { SidePeople } from "@/components/side";
import { SignInPage } from "@/components/writing/gate";
import { readForYou, suggestedPeople } from "@/lib/for-you";
import { forYou as words } from "@/messages/for-you";
import { reading } from "@/messages/reading";
import { RecommendedStory } from "./recommended-story";

export function ForYouPage({ token }: { token?: string }) {
  const feed = useFeed<RecommendedArticle, Page>("/for-you", token, readForYou);
  const { state } = feed;
  const people = usePeople();
  const path = feed.addressOf(token);

  if (state.kind === "signedOut") return <SignInPage title={words.signIn} text={words.signInText} path={path} place="home" />;

  const cold = state.kind === "shown" && feed.first === undefined && (state.pages[0]?.cold ?? false);
  return (
    <Frame path={path} place="home">
      <main id="main" className="frame with-side" tabIndex={-1}>
        <div className="feed">
          <h1 className="sr">{words.heading}</h1>
          <div className="tabs-row">
            <HomeTabs tab="forYou" label={words.heading} />
          </div>
          {cold && (
            <section className="cold" aria-labelledby="cold">
              <h2 className="empty-title" id="cold">
                {words.cold}
              </h2>
              <p>{words.coldText}</p>
              <TopicChoices showWord={words.show} onShow={() => void feed.load()} />
            </section>
          )}
          <FeedBody
            feed={feed}
            toBegin={words.toBegin}
            draw={(item, now) => <RecommendedStory item={item} now={now} onChange={(wish) => void feed.change(wish)} />}
            empty={
              <div className="empty">
                <h2 className="empty-title">{words.empty}</h2>
                <p>{words.emptyText}</p>
                <div className="row">
                  <a className="btn btn-line" href="/">
                    {reading.home.newest}
                  </a>
                </div>
              </div>
            }
          />
        </div>
        <aside className="side" aria-label={reading.home.more}>
          <section>
            <h2 className="side-title">{words.how}</h2>
            <p>{words.howText}</p>
            <p className="row">
              <a className="btn-text" href="/settings/following">
                {words.manage}
              </a>
              <a className="btn-text" href="/settings/turned-down">
                {words.manageTurnedDown}
              </a>
            </p>
          </section>
          {people.length > 0 && (
            <section>
              <h2 className="side-title">{words.people}</h2>
              <SidePeople people={people} withReason />
            </section>
          )}
        </aside>
      </main>
    </Frame>
  );
}

/** An extra: without it the page is still the page. */
function usePeople(): readonly SuggestedPerson[] {
  const [people, setPeople] = useState<readonly SuggestedPerson[]>([]);
  useEffect(() => {
    void suggestedPeople().then((answer) => answer.kind === "done" && setPeople(answer.value.items));
  }, []);
  return people;
}
