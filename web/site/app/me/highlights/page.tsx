import type { Metadata } from "next";
import { HighlightsPage } from "@/components/highlights/highlights-page";
import { highlights } from "@/messages/highlights";

export const metadata: Metadata = { title: highlights.page.title };

export default function Highlights() {
  return <HighlightsPage />;
}
