import type { Metadata } from "next";
import { ReviewPage } from "@/components/reviews/review-page";
import { reviews } from "@/messages/reviews";

export const metadata: Metadata = { title: reviews.desk.title };

export default async function Review({ params }: { params: Promise<{ id: string }> }) {
  return <ReviewPage id={(await params).id} />;
}
