import type { SharedListPage } from "@blog/api";
import { authorTags } from "./authors";

/** What a list's page depends on: its owner and their lists, the stories on it and who wrote them. */
export const listTags = ({ list, items }: SharedListPage): string[] => [
  `lists:${list.owner.id}`,
  `author:${list.owner.id}`,
  ...items.flatMap(({ article }) => [`article:${article.id}`, ...authorTags(article)]),
];
