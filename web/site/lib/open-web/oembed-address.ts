/** Where a consumer asks about the page at this address (oembed.com section 4, discovery). */
export const oembedAddress = (page: string, format: "json" | "xml"): string => `${new URL(page).origin}/oembed?url=${encodeURIComponent(page)}&format=${format}`;
