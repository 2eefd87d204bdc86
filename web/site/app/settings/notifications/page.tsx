import type { Metadata } from "next";
import { NotificationSettings } from "@/components/settings/notification-settings";
import { notifications } from "@/messages/notifications";

export const metadata: Metadata = { title: notifications.settings.title };

export default function Settings() {
  return <NotificationSettings />;
}
