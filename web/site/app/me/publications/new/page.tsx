import type { Metadata } from "next";
import { NewPublicationPage } from "@/components/together/new-publication-page";
import { publications } from "@/messages/publications";

export const metadata: Metadata = { title: publications.form.newTitle };

export default function NewPublication() {
  return <NewPublicationPage />;
}
