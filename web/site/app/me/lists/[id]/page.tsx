import type { Metadata } from "next";
import { ListPage } from "@/components/library/list-page";
import { lists } from "@/messages/lists";

export const metadata: Metadata = { title: lists.library.title };

export default async function List({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <ListPage id={id} />;
}
