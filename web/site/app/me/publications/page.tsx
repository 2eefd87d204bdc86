import type { Metadata } from "next";
import { PublicationsPage } from "@/components/together/publications-page";
import { publications } from "@/messages/publications";

export const metadata: Metadata = { title: publications.mine.title };

export default function Publications() {
  return <PublicationsPage />;
}
