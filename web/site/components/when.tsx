import { exactDate, spokenDate } from "@/lib/dates";

/** A date as people say it, the exact time on hover; the page script keeps the relative ones true while the page is open. */
export function When({ instant, now }: { instant: string; now: number }) {
  return (
    <time dateTime={instant} title={exactDate(instant)}>
      {spokenDate(instant, now)}
    </time>
  );
}
