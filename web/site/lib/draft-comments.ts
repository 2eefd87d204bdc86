// Comments on a draft, as both the page of reviewers and that of authors show them.
import type { DraftComment } from "@blog/api";

export interface Thread {
  comment: DraftComment;
  answers: readonly DraftComment[];
}

/** Each comment with its answers; those on passages in the order of the text, then those whose words are gone, then those on the whole. */
export function threadsOf(comments: readonly DraftComment[]): Thread[] {
  const threads = comments
    .filter(({ parentId }) => !parentId)
    .map((comment) => ({ comment, answers: comments.filter(({ parentId }) => parentId === comment.id) }));
  return threads.sort((one, other) => rank(one.comment) - rank(other.comment) || start(one.comment) - start(other.comment) || (one.comment.createdAt < other.comment.createdAt ? -1 : 1));
}

const rank = ({ place }: DraftComment) => (!place ? 2 : place === "detached" ? 1 : 0);
const start = ({ passage }: DraftComment) => passage?.start ?? 0;

/** A quote short enough for a label. */
export const inShort = (quote: string): string => (quote.length <= 80 ? quote : `${quote.slice(0, 79).trimEnd()}…`);
