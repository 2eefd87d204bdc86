import type { Metadata } from "next";
import { TranslationsPage } from "@/components/translations/translations-page";
import { translations } from "@/messages/translations";

export const metadata: Metadata = { title: translations.page.title };

export default async function Translations({ params }: { params: Promise<{ id: string }> }) {
  return <TranslationsPage id={(await params).id} />;
}
