import type { Metadata } from "next";
import { GiftsPage } from "@/components/highlights/gifts-page";
import { highlights } from "@/messages/highlights";

export const metadata: Metadata = { title: highlights.gifts.title };

export default function Gifts() {
  return <GiftsPage />;
}
