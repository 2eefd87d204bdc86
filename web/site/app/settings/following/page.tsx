import type { Metadata } from "next";
import { FollowingPage } from "@/components/settings/relations-page";
import { relations } from "@/messages/people";

export const metadata: Metadata = { title: relations.following.title };

export default function Following() {
  return <FollowingPage />;
}
