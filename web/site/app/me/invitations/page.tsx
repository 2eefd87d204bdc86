import type { Metadata } from "next";
import { InvitationsPage } from "@/components/together/invitations-page";
import { together } from "@/messages/together";

export const metadata: Metadata = { title: together.invitations.title };

export default function Invitations() {
  return <InvitationsPage />;
}
