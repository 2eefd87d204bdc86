// What a browser needs to search the site from its address bar: OpenSearch 1.1 description document, with the Suggestions extension.
import { reading } from "@/messages/reading";
import { search } from "@/messages/search";
import { xml } from "./rss";

export const openSearchType = "application/opensearchdescription+xml";

/** A short name has at most 16 characters, a description 1,024. */
export function openSearch(origin: string): string {
  const at = (path: string) => xml(origin + path);
  return `<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>${xml(reading.site.name.slice(0, 16))}</ShortName>
  <Description>${xml(search.description)}</Description>
  <InputEncoding>UTF-8</InputEncoding>
  <OutputEncoding>UTF-8</OutputEncoding>
  <Language>*</Language>
  <Image width="192" height="192" type="image/png">${at("/icons/192.png")}</Image>
  <Url type="text/html" method="get" template="${at("/search?q={searchTerms}")}"/>
  <Url type="application/x-suggestions+json" rel="suggestions" method="get" template="${at("/api/v1/search/completions?q={searchTerms}")}"/>
  <Url type="${openSearchType}" rel="self" template="${at("/opensearch.xml")}"/>
</OpenSearchDescription>
`;
}
