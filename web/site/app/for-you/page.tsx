import type { Metadata } from "next";
import { ForYouPage } from "@/components/for-you/for-you-page";
import { forYou } from "@/messages/for-you";

export const metadata: Metadata = { title: forYou.title };

export default async function ForYou({ searchParams }: { searchParams: Promise<{ page?: string | string[] }> }) {
  const { page } = await searchParams;
  return <ForYouPage token={typeof page === "string" && page ? page : undefined} />;
}
