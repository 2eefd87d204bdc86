// What a page tells search engines, link previews and feed readers about itself.

export interface Meta {
  title: string;
  /** The window's title where it is not "title · Blog". */
  wholeTitle?: string;
  description: string;
  /** Path with query on the public origin, or an absolute address for an article that was first published elsewhere. */
  canonical?: string;
  feed?: { href: string; title: string };
  image?: { url: string; width: number; height: number; alt: string };
  article?: { publishedAt: string; editedAt: string | null; author: string; authorUrl: string; topics: string[] };
  person?: { name: string; handle: string };
  language?: string | null;
  noIndex?: boolean;
}

/** JSON that is safe inside a script element: no "<", no line separators that end a script early. */
export function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c").replace(/\u2028/g, "\\u2028").replace(/\u2029/g, "\\u2029");
}

/** Structured data after schema.org: BlogPosting for an article, ProfilePage for a person, nothing for lists. */
export function structuredData(meta: Meta, origin: string): object | undefined {
  const url = meta.canonical ? new URL(meta.canonical, origin).href : undefined;
  if (meta.article) {
    return {
      "@context": "https://schema.org",
      "@type": "BlogPosting",
      headline: meta.title,
      description: meta.description || undefined,
      url,
      mainEntityOfPage: url,
      datePublished: meta.article.publishedAt,
      dateModified: meta.article.editedAt ?? meta.article.publishedAt,
      inLanguage: meta.language ?? undefined,
      keywords: meta.article.topics.length > 0 ? meta.article.topics : undefined,
      image: meta.image ? new URL(meta.image.url, origin).href : undefined,
      author: { "@type": "Person", name: meta.article.author, url: new URL(meta.article.authorUrl, origin).href },
    };
  }
  if (meta.person) {
    return {
      "@context": "https://schema.org",
      "@type": "ProfilePage",
      mainEntity: { "@type": "Person", name: meta.person.name, alternateName: `@${meta.person.handle}`, description: meta.description || undefined, url },
    };
  }
  return undefined;
}
