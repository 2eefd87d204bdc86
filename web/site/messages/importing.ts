// What the page says where people bring in what they wrote elsewhere.
import type { MyImport, MyImportItem } from "@blog/api";

const number = (count: number) => count.toLocaleString("en");
const counted = (count: number, one: string, many: string) => `${number(count)} ${count === 1 ? one : many}`;

const formats: Record<string, string> = { medium: "Medium archive", substack: "Substack archive", ghost: "Ghost export", wordpress: "WordPress export", markdown: "Markdown files" };
const outcomes: Record<MyImportItem["outcome"], string> = {
  waiting: "Not yet",
  created: "Imported",
  updated: "Updated",
  unchanged: "Here already",
  skipped: "Left out",
  failed: "Failed",
};

const entries: Record<MyImportItem["kind"], (count: number) => string> = {
  story: () => "",
  series: (count) => `Series, ${counted(count, "story", "stories")}`,
  list: (count) => `Reading list, ${counted(count, "story", "stories")}`,
  responses: (count) => `${counted(count, "response", "responses")} to this story`,
  ownResponses: (count) => `${counted(count, "response", "responses")} to stories of others`,
  publication: (count) => `Publication, ${counted(count, "story", "stories")}`,
};

export const importing = {
  title: "Import and export",
  tab: "Import",
  standfirst: "Bring your stories from elsewhere. You see what will happen before anything does.",
  signIn: "Sign in to bring in your stories",
  loading: "Your imports are loading",
  failedText: "Your imports cannot be shown now. Nothing is lost.",
  choose: {
    label: "Archive",
    hint: "A Medium or Substack archive (ZIP), a Ghost export (JSON or ZIP), a WordPress export (XML), or Markdown files (ZIP). Up to 1 GB.",
    sending: (name: string, share: number) => `Sending ${name}: ${Math.floor(share * 100)} %`,
    stop: "Stop sending",
    tooBig: "This file is larger than 1 GB. Whoever runs this site can import it there.",
    unreachable: "The file did not get through. Check your connection and choose it again.",
    signedOut: "You were signed out. Sign in again in another tab, then choose the file again.",
  },
  name: (one: MyImport) => (one.format ? `${formats[one.format] ?? one.format}: ${one.fileName}` : one.fileName),
  state: {
    reading: "Reading the archive. You can leave this page; it goes on.",
    ready: "Nothing is imported yet. This is what will happen:",
    running: (done: number, all: number) => `Importing: ${number(done)} of ${number(all)}. You can leave this page; it goes on.`,
    done: "Done:",
    cancelled: "Stopped. What was imported stays.",
    failed: "This archive cannot be imported.",
  },
  will: (one: MyImport) => {
    const { stories, drafts, pictures, noted, unreadable, leftOut, series, lists, responses, publications } = one.counts;
    return [
      `${counted(stories, "story is", "stories are")} published under ${stories === 1 ? "its own date" : "their own dates"}`,
      drafts > 0 && `${counted(drafts, "draft stays a draft", "drafts stay drafts")}, for your eyes alone`,
      pictures > 0 && `${counted(pictures, "picture is", "pictures are")} copied here, as far as ${pictures === 1 ? "it" : "they"} can still be had`,
      series > 0 && `${counted(series, "series keeps", "series keep")} ${series === 1 ? "its" : "their"} order`,
      publications > 0 && `${counted(publications, "publication", "publications")} with ${publications === 1 ? "its" : "their"} stories, for you to run`,
      lists > 0 && `${counted(lists, "reading list comes", "reading lists come")} with notes and order`,
      responses > 0 && `${counted(responses, "response comes", "responses come")} along: yours as yours, those of others under a name without a page`,
      noted > 0 && `${counted(noted, "story has", "stories have")} a remark below`,
      leftOut > 0 && `${counted(leftOut, "item is", "items are")} left out, since they are no stories`,
      unreadable > 0 && `${counted(unreadable, "item cannot", "items cannot")} be read`,
    ].filter((line) => line !== false);
  },
  did: (one: MyImport) => {
    const { created, updated, unchanged, failed, skipped, factsBrought } = one.counts;
    const brought = factsBrought > 0 ? created + updated : created;
    return [
      brought > 0 && (factsBrought > 0 ? `${counted(brought, "item", "items")} imported, ${number(factsBrought)} of them series, lists, responses or a publication` : `${counted(brought, "story", "stories")} imported`),
      factsBrought === 0 && updated > 0 && `${number(updated)} updated`,
      unchanged > 0 && `${number(unchanged)} here already`,
      skipped > 0 && `${number(skipped)} left out`,
      failed > 0 && `${number(failed)} failed`,
    ]
      .filter((line) => line !== false)
      .join(", ");
  },
  options: {
    drafts: "Make everything a draft, so that I publish each story myself",
    site: "Address of the former site",
    siteHint: "Pictures and links that name no site are looked for there. May stay empty.",
  },
  nobody: "Nobody is notified: your followers get no mail about old stories.",
  start: "Import",
  again: "Go on",
  cancel: "Stop",
  forget: "Forget this import",
  forgetHint: "The archive and this report go. Imported stories stay.",
  report: "Download the report (CSV)",
  reportFailed: "The report cannot be fetched now. Try again in a moment.",
  progress: "Progress of the import",
  items: "What is in it",
  remarks: "Remarks only",
  more: "Show more",
  none: "There is nothing to remark.",
  draft: "Draft",
  open: (title: string) => `Open “${title}”`,
  outcome: (item: MyImportItem) => outcomes[item.outcome],
  /** What it is, when it is no story. */
  kind: ({ kind, entries: count }: MyImportItem) => entries[kind](count),
  unreachable: "That did not get through. Nothing is lost; try again in a moment.",
  export: {
    title: "Take your stories along",
    text: "All your stories and drafts as Markdown, their pictures, the responses to them, your series, your lists, what you said elsewhere, and a page that lists it all, in one ZIP. It can be imported here or elsewhere.",
    take: "Download everything (ZIP)",
    making: "Your file is being made. A long archive takes a while.",
    taken: "The file was downloaded.",
    failed: "The file cannot be made now. Nothing is lost; try again in a moment.",
  },
} as const;
