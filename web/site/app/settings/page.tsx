import type { Metadata } from "next";
import { SettingsPage } from "@/components/settings/settings-page";
import { writing } from "@/messages/writing";

export const metadata: Metadata = { title: writing.settings.title };

export default function Settings() {
  return <SettingsPage />;
}
