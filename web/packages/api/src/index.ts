// The public API as the BFF's OpenAPI document describes it. `schema.d.ts` is generated from that document by `npm run generate`.
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];

export type Author = Schemas["Author"];
export type Profile = Schemas["Profile"];
export type ProfileLink = Schemas["Link"];
export type Picture = Schemas["Image"];
export type Topic = Schemas["Topic"];
export type Heading = Schemas["Heading"];
export type ArticleCard = Schemas["ArticleCard"];
export type ArticlePage = Schemas["ArticlePage"];
export type ArticleList = Schemas["ArticleCardList"];
export type TopicList = Schemas["TopicList"];
export type ArticleContent = Schemas["ArticleContent"];
export type ArticleStatus = Schemas["ArticleStatus"];
export type MyArticle = Schemas["MyArticle"];
export type Preview = Schemas["Preview"];
export type Problem = Schemas["Problem"];
export type UploadedMedia = Schemas["UploadedMedia"];
export type PassageSelector = Schemas["PassageSelector"];
export type MyHighlight = Schemas["MyHighlight"];
export type MarkedPassage = Schemas["MarkedPassage"];
export type PassageList = Schemas["PassageList"];
export type HighlightConflict = Schemas["HighlightConflict"];
export type HighlightedArticle = Schemas["HighlightedArticle"];
export type HighlightedArticleList = Schemas["HighlightedArticleList"];
export type MyGift = Schemas["MyGift"];
export type NewGift = Schemas["NewGift"];
export type MyGiftList = Schemas["MyGiftList"];
export type OpenedGift = Schemas["OpenedGift"];
export type MyReader = Schemas["MyReader"];
export type Counts = Schemas["Counts"];
export type ArticleResponse = Schemas["ArticleResponse"];
export type ResponseList = Schemas["ResponseList"];
export type ResponseThread = Schemas["ResponseThread"];
export type MyClaps = Schemas["MyClaps"];
export type FeedItem = Schemas["FeedItem"];
export type FeedReason = Schemas["FeedReason"];
export type FeedPage = Schemas["FeedPage"];
export type NotificationItem = Schemas["NotificationItem"];
export type NotificationKind = Schemas["NotificationKind"];
export type NotificationChannel = Schemas["NotificationChannel"];
export type NotificationList = Schemas["NotificationList"];
export type NotificationPreferences = Schemas["NotificationPreferences"];
export type EmailCadence = Schemas["EmailCadence"];
export type MutedArticle = Schemas["MutedArticle"];
export type Bell = Schemas["Bell"];
export type LiveUpdate = Schemas["LiveUpdate"];
export type PersonPage = Schemas["PersonPage"];
export type PersonList = Schemas["PersonList"];
export type Standing = Schemas["Standing"];
export type Standings = Schemas["Standings"];
export type RelatedPerson = Schemas["RelatedPerson"];
export type RelatedPersonList = Schemas["RelatedPersonList"];
export type FollowedTopic = Schemas["FollowedTopic"];
export type FollowedTopicList = Schemas["FollowedTopicList"];
export type ListVisibility = Schemas["ListVisibility"];
export type MyReadingList = Schemas["MyReadingList"];
export type MyReadingLists = Schemas["MyReadingLists"];
export type MyListItem = Schemas["MyListItem"];
export type MyListItems = Schemas["MyListItems"];
export type AddedListItem = Schemas["AddedListItem"];
export type RemovedListItem = Schemas["RemovedListItem"];
export type ListConflict = Schemas["ListConflict"];
export type SavedArticles = Schemas["SavedArticles"];
export type SharedList = Schemas["SharedList"];
export type SharedLists = Schemas["SharedLists"];
export type SharedListPage = Schemas["SharedListPage"];
export type MyReading = Schemas["MyReading"];
export type HistoryPage = Schemas["HistoryPage"];
export type HistoryItem = Schemas["HistoryItem"];
export type MailLinkInfo = Schemas["MailLinkInfo"];
export type MyNewsletter = Schemas["MyNewsletter"];
export type PushKey = Schemas["PushKey"];
export type PushTarget = Schemas["PushTarget"];
export type SignedInUser = Schemas["SignedInUser"];

export type Api = Client<paths>;

/** A client for the browser: same origin, the session cookie, and the header that tells the BFF the call comes from our own pages. */
export function browserApi(): Api {
  return createClient<paths>({ baseUrl: "/", credentials: "same-origin", headers: { "X-CSRF": "1" } });
}
