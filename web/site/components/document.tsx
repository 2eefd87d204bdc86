// A reading page as a whole document. It is drawn once, on the server, and never again: no framework follows it to the browser.
import type { ReactNode } from "react";
import { publicOrigin } from "@/lib/api";
import { assets } from "@/lib/generated/assets";
import { openGraphLocale } from "@/lib/languages";
import { jsonForHtml, structuredData, type Meta } from "@/lib/meta";
import { openSearchType } from "@/lib/open-search";
import { formats, inFormat, mediaTypes } from "@/lib/open-web/feed";
import { oembedAddress } from "@/lib/open-web/oembed-address";
import { openWeb } from "@/messages/open-web";
import { reading } from "@/messages/reading";
import { Frame, type FrameProps } from "./frame";

interface DocumentProps extends FrameProps {
  meta: Meta;
  /** What this page alone needs. */
  scripts?: readonly string[];
  children: ReactNode;
}

export function Document({ meta, scripts, children, ...frame }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <script src={assets.theme} />
        <link rel="stylesheet" href={assets.style} />
        {[assets.serif, assets.sans].map((font) => (
          <link key={font} rel="preload" href={font} as="font" type="font/woff2" crossOrigin="anonymous" />
        ))}
        <script src={assets.page} type="module" />
        {assets.parts.map((part) => (
          <link key={part} rel="modulepreload" href={part} />
        ))}
        {scripts?.map((script) => <script key={script} src={script} defer />)}
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="apple-touch-icon" href="/icons/180.png" />
        <link rel="manifest" href="/manifest.webmanifest" />
        <link rel="search" type={openSearchType} title={reading.site.name} href="/opensearch.xml" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#111315" media="(prefers-color-scheme: dark)" />
        <About meta={meta} />
      </head>
      <body>
        <Frame {...frame}>{children}</Frame>
      </body>
    </html>
  );
}

/** The same in other languages. Who reads none of them is led to the original. */
function Alternates({ meta: { translations = [], language }, absolute }: { meta: Meta; absolute: (path: string) => string }) {
  const [locale, ...others] = [language, ...translations.filter(({ current }) => !current).map((each) => each.language)].map((tag) => tag && openGraphLocale(tag));
  return (
    <>
      {translations.map((each) => (
        <link key={each.language} rel="alternate" hrefLang={each.language} href={absolute(each.url)} />
      ))}
      {translations[0] && <link rel="alternate" hrefLang="x-default" href={absolute(translations[0].url)} />}
      {locale && <meta property="og:locale" content={locale} />}
      {[...new Set(others)].map((other) => other && other !== locale && <meta key={other} property="og:locale:alternate" content={other} />)}
    </>
  );
}

/** For search engines, link previews (ogp.me, X cards) and feed readers. */
function About({ meta }: { meta: Meta }) {
  const { article, person, image, feed } = meta;
  const origin = publicOrigin();
  const absolute = (path: string) => new URL(path, origin).href;
  const canonical = meta.canonical ? absolute(meta.canonical) : undefined;
  const data = structuredData(meta, origin);
  return (
    <>
      <title>{meta.wholeTitle ?? `${meta.title} · ${reading.site.name}`}</title>
      <meta name="description" content={meta.description} />
      {meta.noIndex && <meta name="robots" content="noindex" />}
      {canonical && <link rel="canonical" href={canonical} />}
      <Alternates meta={meta} absolute={absolute} />
      {feed && formats.map((format) => (
        <link key={format} rel="alternate" type={mediaTypes[format]} title={`${feed.title} (${openWeb.feed.formats[format]})`} href={inFormat(feed.href, format)} />
      ))}
      <meta property="og:site_name" content={reading.site.name} />
      <meta property="og:type" content={article ? "article" : person ? "profile" : "website"} />
      <meta property="og:title" content={meta.title} />
      <meta property="og:description" content={meta.description} />
      {canonical && <meta property="og:url" content={canonical} />}
      {image && (
        <>
          <meta property="og:image" content={absolute(image.url)} />
          {image.width && <meta property="og:image:width" content={String(image.width)} />}
          {image.height && <meta property="og:image:height" content={String(image.height)} />}
          {image.alt && <meta property="og:image:alt" content={image.alt} />}
        </>
      )}
      {article && (
        <>
          <meta property="article:published_time" content={article.publishedAt} />
          {article.editedAt && <meta property="article:modified_time" content={article.editedAt} />}
          {article.authors.map(({ url }) => (
            <meta key={url} property="article:author" content={absolute(url)} />
          ))}
          {article.topics.map((topic) => (
            <meta key={topic} property="article:tag" content={topic} />
          ))}
        </>
      )}
      {person && <meta property="profile:username" content={person.handle} />}
      <meta name="twitter:card" content={image?.width ? "summary_large_image" : "summary"} />
      {article && (
        <>
          <link rel="alternate" type="application/json+oembed" title={meta.title} href={oembedAddress(absolute(article.url), "json")} />
          <link rel="alternate" type="text/xml+oembed" title={meta.title} href={oembedAddress(absolute(article.url), "xml")} />
        </>
      )}
      {data && <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: jsonForHtml(data) }} />}
    </>
  );
}
