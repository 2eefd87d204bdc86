import type { Metadata } from "next";
import { SeriesDesk } from "@/components/series/series-desk";
import { series } from "@/messages/series";

export const metadata: Metadata = { title: series.desk.title };

export default function Series() {
  return <SeriesDesk />;
}
