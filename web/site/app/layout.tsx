import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { assets } from "@/lib/generated/assets";
import { openSearchType } from "@/lib/open-search";
import { reading } from "@/messages/reading";

export const metadata: Metadata = {
  title: { template: `%s · ${reading.site.name}`, default: reading.site.name },
  robots: { index: false },
  icons: { icon: { url: "/icon.svg", type: "image/svg+xml" }, apple: "/icons/180.png" },
  manifest: "/manifest.webmanifest",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#111315" },
  ],
};

// Each answer carries its own nonce (the BFF's), so nothing here is made ahead of time.
export const dynamic = "force-dynamic";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <link rel="stylesheet" href={assets.style} />
        <link rel="stylesheet" href={assets.desk} />
        {[assets.serif, assets.sans].map((font) => (
          <link key={font} rel="preload" href={font} as="font" type="font/woff2" crossOrigin="anonymous" />
        ))}
        <link rel="search" type={openSearchType} title={reading.site.name} href="/opensearch.xml" />
        <script src={assets.theme} />
        <script src={assets.page} type="module" />
        {assets.parts.map((part) => (
          <link key={part} rel="modulepreload" href={part} />
        ))}
      </head>
      <body>{children}</body>
    </html>
  );
}
