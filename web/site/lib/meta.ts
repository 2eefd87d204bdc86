// What a page tells search engines, link previews and feed readers about itself.
import { reading } from "@/messages/reading";

const siteName = reading.site.name;

export interface Meta {
  title: string;
  /** The window's title where it is not "title · Blog". */
  wholeTitle?: string;
  description: string;
  /** Path with query on the public origin, or an absolute address for an article that was first published elsewhere. */
  canonical?: string;
  feed?: { href: string; title: string };
  image?: { url: string; width?: number; height?: number; alt: string };
  /** The same in all its languages, this page among them and the original first; none: it is there in one. */
  translations?: readonly { language: string; url: string; title: string; current: boolean }[];
  article?: { url: string; series?: { name: string; url: string; number: number }; publishedAt: string; editedAt: string | null; authors: readonly { name: string; url: string; image?: string | null }[]; topics: string[]; words?: number };
  person?: { name: string; handle: string; image?: string | null; links?: readonly { url: string }[]; followers?: number; since?: string };
  publication?: { name: string; image?: string | null; since: string; people: readonly { name: string; url: string }[] };
  /** Stories that are read one after the other. */
  series?: { name: string; owner: { name: string; url: string }; parts: readonly { title: string; url: string }[] };
  /** The pages above this one, the site's first page left out; this one last. */
  trail?: readonly { name: string; path: string }[];
  /** The site's first page: what the site is, as a whole. */
  site?: { name: string };
  language?: string | null;
  noIndex?: boolean;
}

/** JSON that is safe inside a script element: no "<", no line separators that end a script early. */
export function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c").replace(/\u2028/g, "\\u2028").replace(/\u2029/g, "\\u2029");
}

/** Structured data after schema.org: what the page shows, and where it stands in the site; undefined for pages of which there is nothing to say. */
export function structuredData(meta: Meta, origin: string): object | undefined {
  const nodes = [...shown(meta, origin), ...trail(meta, origin)];
  return nodes.length > 0 ? { "@context": "https://schema.org", "@graph": nodes } : undefined;
}

function* shown(meta: Meta, origin: string): Generator<object> {
  const absolute = (path: string) => new URL(path, origin).href;
  const optional = (path: string | null | undefined) => (path ? absolute(path) : undefined);
  const url = meta.canonical ? absolute(meta.canonical) : undefined;
  const description = meta.description || undefined;
  const { article, person, image } = meta;
  if (article) {
    yield {
      "@type": "BlogPosting",
      headline: meta.title,
      description,
      url,
      mainEntityOfPage: url,
      datePublished: article.publishedAt,
      dateModified: article.editedAt ?? article.publishedAt,
      inLanguage: meta.language ?? undefined,
      keywords: article.topics.length > 0 ? article.topics : undefined,
      wordCount: article.words,
      ...translated(meta, absolute),
      ...(article.series && { isPartOf: { "@type": "CreativeWorkSeries", name: article.series.name, url: absolute(article.series.url) }, position: article.series.number }),
      image: image && { "@type": "ImageObject", url: absolute(image.url), width: image.width, height: image.height, caption: image.alt || undefined },
      author: single(article.authors.map(({ name, url, image }) => ({ "@type": "Person", name, url: absolute(url), image: optional(image) }))),
      publisher: { "@type": "Organization", name: siteName, url: absolute("/"), logo: { "@type": "ImageObject", url: absolute("/icons/512.png"), width: 512, height: 512 } },
    };
  } else if (person) {
    yield {
      "@type": "ProfilePage",
      url,
      dateCreated: person.since,
      mainEntity: {
        "@type": "Person",
        name: person.name,
        alternateName: `@${person.handle}`,
        description,
        url,
        image: optional(person.image),
        sameAs: person.links && person.links.length > 0 ? person.links.map((link) => link.url) : undefined,
        interactionStatistic: person.followers === undefined ? undefined : { "@type": "InteractionCounter", interactionType: "https://schema.org/FollowAction", userInteractionCount: person.followers },
      },
    };
  } else if (meta.publication) {
    const { name, image: logo, since, people } = meta.publication;
    yield {
      "@type": "CollectionPage",
      url,
      name,
      description,
      dateCreated: since,
      about: {
        "@type": "Organization",
        name,
        url,
        description,
        logo: optional(logo),
        member: people.map((one) => ({ "@type": "Person", name: one.name, url: absolute(one.url) })),
      },
    };
  } else if (meta.series) {
    const { name, owner, parts } = meta.series;
    yield {
      "@type": "CreativeWorkSeries",
      name,
      description,
      url,
      author: { "@type": "Person", name: owner.name, url: absolute(owner.url) },
      hasPart: parts.map((part, at) => ({ "@type": "BlogPosting", headline: part.title, url: absolute(part.url), position: at + 1 })),
    };
  } else if (meta.site) {
    yield {
      "@type": "WebSite",
      name: meta.site.name,
      description,
      url: absolute("/"),
      inLanguage: "en",
      potentialAction: { "@type": "SearchAction", target: { "@type": "EntryPoint", urlTemplate: `${absolute("/search")}?q={words}` }, "query-input": "required name=words" },
    };
  }
}

/** What it was translated into, or from (schema.org/workTranslation, translationOfWork). */
function translated({ translations = [] }: Meta, absolute: (path: string) => string): object {
  const [original, ...others] = translations.map(({ language, url, title, current }) => ({ current, node: { "@type": "BlogPosting", headline: title, url: absolute(url), inLanguage: language } }));
  if (!original || others.length === 0) return {};
  return original.current ? { workTranslation: others.map(({ node }) => node) } : { translationOfWork: original.node };
}

/** One thing where there is one: not every program takes a list. */
const single = <T>(things: readonly T[]): T | readonly T[] | undefined => (things.length > 1 ? things : things[0]);

function* trail({ trail: pages }: Meta, origin: string): Generator<object> {
  if (!pages) return;
  const all = [{ name: siteName, path: "/" }, ...pages];
  yield {
    "@type": "BreadcrumbList",
    itemListElement: all.map(({ name, path }, at) => ({ "@type": "ListItem", position: at + 1, name, item: new URL(path, origin).href })),
  };
}
