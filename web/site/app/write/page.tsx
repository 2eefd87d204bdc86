import type { Metadata } from "next";
import { WritePage } from "@/components/writing/write-page";
import { writing } from "@/messages/writing";

export const metadata: Metadata = { title: writing.desk.newTitle };

export default function Write() {
  return <WritePage id={null} />;
}
