import type { Metadata } from "next";
import { SubmissionPage } from "@/components/together/submission-page";
import { publications } from "@/messages/publications";

export const metadata: Metadata = { title: publications.submission.title };

export default async function Submission({ params }: { params: Promise<{ id: string }> }) {
  return <SubmissionPage id={(await params).id} />;
}
