// For people who open a feed in the browser: a style sheet (browsers are giving up XSLT, not CSS) and one sentence in XHTML, an extension that feed
// readers pass over (RFC 4287 section 6; RSS 2.0, "Extending RSS").
import { assets } from "@/lib/generated/assets";
import { openWeb } from "@/messages/open-web";
import type { Feed } from "./feed";
import { element, type Markup } from "./xml";

export function readable(feed: Feed): Markup {
  const { note } = openWeb.feed;
  return element("p", { xmlns: "http://www.w3.org/1999/xhtml" }, note.before, element("a", { href: feed.page }, note.page), note.after);
}

readable.style = `<?xml-stylesheet type="text/css" href="${assets.feed}"?>\n`;
