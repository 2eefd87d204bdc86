import type { Metadata } from "next";
import { TurnedDownPage } from "@/components/settings/turned-down-page";
import { turnedDown } from "@/messages/for-you";

export const metadata: Metadata = { title: turnedDown.title };

export default function TurnedDown() {
  return <TurnedDownPage />;
}
