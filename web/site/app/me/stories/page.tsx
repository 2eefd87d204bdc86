import type { Metadata } from "next";
import { FoundDrafts } from "@/components/stories/found-drafts";
import { StoriesPage } from "@/components/stories/stories-page";
import { writing } from "@/messages/writing";

export const metadata: Metadata = { title: writing.stories.title };

export default async function Stories({ searchParams }: { searchParams: Promise<{ status?: string | string[]; q?: string | string[] }> }) {
  const { status, q } = await searchParams;
  if (typeof q === "string" && q.trim()) return <FoundDrafts query={q.trim()} />;
  return <StoriesPage status={status === "scheduled" || status === "published" || status === "unpublished" ? status : "draft"} />;
}
