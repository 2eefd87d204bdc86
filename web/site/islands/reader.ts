// What the reader has to do with the article on this page. The page is the same bytes for everyone; once it is known that somebody is signed in, this
// asks once for all of it. An island takes its part with `onReader`; a further part is a further field of MyReader (services/Bff/Api/Reader.cs).
import type { MyReader, SignedInUser } from "@blog/api";
import { ask } from "./ask";

export interface Reader {
  /** Null: nobody is signed in. */
  user: SignedInUser | null;
  /** Null: nobody is signed in, this is no article, or there was no answer. */
  mine: MyReader | null;
}

let settle: (reader: Reader) => void = () => undefined;
const settled = new Promise<Reader>((resolve) => (settle = resolve));

/** The article of this page, if it shows one. */
export const shownArticle = (): string | undefined => document.querySelector<HTMLElement>("[data-article]")?.dataset.article;

/** Once per page. */
export async function reader(session: Promise<SignedInUser | null>): Promise<void> {
  const user = await session;
  const article = shownArticle();
  const author = document.querySelector<HTMLElement>("[data-article]")?.dataset.author;
  const answer = user && article ? await ask<MyReader>(`/api/v1/me/reader/${article}?author=${author ?? ""}`) : undefined;
  settle({ user, mine: answer?.ok ? answer.value : null });
}

/** Called once, when it is known who reads. */
export function onReader(listener: (reader: Reader) => void): void {
  void settled.then(listener);
}

/** Who reads, for what has to wait until it is known. */
export const whoReads = (): Promise<Reader> => settled;
