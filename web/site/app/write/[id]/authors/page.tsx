import type { Metadata } from "next";
import { AuthorsPage } from "@/components/together/authors-page";
import { together } from "@/messages/together";

export const metadata: Metadata = { title: together.authors.title };

export default async function Authors({ params }: { params: Promise<{ id: string }> }) {
  return <AuthorsPage id={(await params).id} />;
}
