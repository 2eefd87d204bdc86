import type { Metadata } from "next";
import { HistoryPage } from "@/components/library/history-page";
import { lists } from "@/messages/lists";

export const metadata: Metadata = { title: lists.library.tabs.history };

export default function History() {
  return <HistoryPage />;
}
