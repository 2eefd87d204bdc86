import type { Metadata } from "next";
import { ImportPage } from "@/components/settings/import-page";
import { importing } from "@/messages/importing";

export const metadata: Metadata = { title: importing.title };

export default function Settings() {
  return <ImportPage />;
}
