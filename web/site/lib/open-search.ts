// What a browser needs to search the site from its address bar: OpenSearch 1.1 description document, with the Suggestions extension.
import { reading } from "@/messages/reading";
import { search } from "@/messages/search";
import { element, xmlDocument } from "./open-web/xml";

export const openSearchType = "application/opensearchdescription+xml";

/** A short name has at most 16 characters, a description 1,024. */
export function openSearch(origin: string): string {
  const address = (type: string, path: string, more: Record<string, string>) => element("Url", { type, ...more, template: origin + path });
  return xmlDocument(
    element("OpenSearchDescription", { xmlns: "http://a9.com/-/spec/opensearch/1.1/" },
      element("ShortName", {}, reading.site.name.slice(0, 16)),
      element("Description", {}, search.description),
      element("InputEncoding", {}, "UTF-8"),
      element("OutputEncoding", {}, "UTF-8"),
      element("Language", {}, "*"),
      element("Image", { width: 192, height: 192, type: "image/png" }, `${origin}/icons/192.png`),
      address("text/html", "/search?q={searchTerms}", { method: "get" }),
      address("application/x-suggestions+json", "/api/v1/search/completions?q={searchTerms}", { rel: "suggestions", method: "get" }),
      address(openSearchType, "/opensearch.xml", { rel: "self" })));
}
