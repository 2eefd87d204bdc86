// The head of a reading page.
import Head from "next/head";
import { assets } from "@/lib/generated/assets";
import { jsonForHtml, structuredData, type Meta } from "@/lib/meta";
import { publicOrigin } from "@/lib/api";
import { reading } from "@/messages/reading";

export function PageHead({ meta, bareTitle }: { meta: Meta; bareTitle?: boolean }) {
  const origin = publicOrigin();
  const absolute = (path: string) => new URL(path, origin).href;
  const title = bareTitle ? meta.title : `${meta.title} · ${reading.site.name}`;
  const canonical = meta.canonical ? absolute(meta.canonical) : undefined;
  const data = structuredData(meta, origin);
  return (
    <Head>
      <title>{title}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
      <meta name="description" content={meta.description} />
      {meta.noIndex && <meta name="robots" content="noindex" />}
      {canonical && <link rel="canonical" href={canonical} />}
      {meta.feed && <link rel="alternate" type="application/rss+xml" title={meta.feed.title} href={meta.feed.href} />}
      <link rel="preload" href={assets.serif} as="font" type="font/woff2" crossOrigin="anonymous" />
      <meta property="og:site_name" content={reading.site.name} />
      <meta property="og:type" content={meta.article ? "article" : meta.person ? "profile" : "website"} />
      <meta property="og:title" content={meta.title} />
      <meta property="og:description" content={meta.description} />
      {canonical && <meta property="og:url" content={canonical} />}
      {meta.image && <meta property="og:image" content={absolute(meta.image.url)} />}
      {meta.image && <meta property="og:image:width" content={String(meta.image.width)} />}
      {meta.image && <meta property="og:image:height" content={String(meta.image.height)} />}
      {meta.image?.alt && <meta property="og:image:alt" content={meta.image.alt} />}
      {meta.article && <meta property="article:published_time" content={meta.article.publishedAt} />}
      {meta.article?.editedAt && <meta property="article:modified_time" content={meta.article.editedAt} />}
      {meta.article && <meta property="article:author" content={absolute(meta.article.authorUrl)} />}
      {meta.article?.topics.map((topic) => <meta key={`topic:${topic}`} property="article:tag" content={topic} />)}
      <meta name="twitter:card" content={meta.image ? "summary_large_image" : "summary"} />
      {data && <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: jsonForHtml(data) }} />}
    </Head>
  );
}
