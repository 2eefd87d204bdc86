import type { Metadata } from "next";
import { WritePage } from "@/components/writing/write-page";
import { writing } from "@/messages/writing";

export const metadata: Metadata = { title: writing.desk.draft };

export default async function WriteExisting({ params }: { params: Promise<{ id: string }> }) {
  return <WritePage id={(await params).id} />;
}
