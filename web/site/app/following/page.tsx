import type { Metadata } from "next";
import { FollowingPage } from "@/components/following/following-page";
import { following } from "@/messages/following";

export const metadata: Metadata = { title: following.title };

export default async function Following({ searchParams }: { searchParams: Promise<{ page?: string | string[] }> }) {
  const { page } = await searchParams;
  return <FollowingPage token={typeof page === "string" && page ? page : undefined} />;
}
