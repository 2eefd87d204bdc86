import type { Metadata } from "next";
import { ListsPage } from "@/components/library/lists-page";
import { lists } from "@/messages/lists";

export const metadata: Metadata = { title: lists.library.tabs.lists };

export default function Lists() {
  return <ListsPage />;
}
