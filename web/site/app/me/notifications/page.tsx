import type { Metadata } from "next";
import { NotificationsPage } from "@/components/notifications/notifications-page";
import { notifications } from "@/messages/notifications";

export const metadata: Metadata = { title: notifications.title };

export default async function Notifications({ searchParams }: { searchParams: Promise<{ show?: string | string[] }> }) {
  const { show } = await searchParams;
  return <NotificationsPage show={show === "unread" || show === "responses" ? show : "all"} />;
}
