import type { Metadata } from "next";
import { SavedPage } from "@/components/library/saved-page";
import { lists } from "@/messages/lists";

export const metadata: Metadata = { title: lists.library.tabs.saved };

export default function Saved() {
  return <SavedPage />;
}
