import type { Metadata } from "next";
import { BlockedPage } from "@/components/settings/relations-page";
import { relations } from "@/messages/people";

export const metadata: Metadata = { title: relations.blocked.title };

export default function Blocked() {
  return <BlockedPage />;
}
