import type { Metadata } from "next";
import { StoriesPage } from "@/components/stories/stories-page";
import { writing } from "@/messages/writing";

export const metadata: Metadata = { title: writing.stories.title };

export default async function Stories({ searchParams }: { searchParams: Promise<{ status?: string | string[] }> }) {
  const { status } = await searchParams;
  return <StoriesPage status={status === "published" || status === "unpublished" ? status : "draft"} />;
}
