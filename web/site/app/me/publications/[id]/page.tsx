import type { Metadata } from "next";
import { PublicationDesk } from "@/components/together/publication-desk";
import { publications } from "@/messages/publications";

export const metadata: Metadata = { title: publications.mine.title };

export default async function Publication({ params }: { params: Promise<{ id: string }> }) {
  return <PublicationDesk id={(await params).id} />;
}
