import type { Metadata } from "next";
import { VersionsPage } from "@/components/versions/versions-page";
import { versions } from "@/messages/versions";

export const metadata: Metadata = { title: versions.title };

export default async function Versions({ params }: { params: Promise<{ id: string }> }) {
  return <VersionsPage id={(await params).id} />;
}
