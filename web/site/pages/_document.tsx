import { Head, Html, Main, NextScript } from "next/document";
import { assets } from "@/lib/generated/assets";

// Reading pages switch the framework's client runtime off (docs/decisions/0004), so NextScript writes nothing here in production.
export default function Document() {
  return (
    <Html lang="en">
      <Head>
        <link rel="stylesheet" href={assets.style} />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <meta name="color-scheme" content="light dark" />
        <script src={assets.theme} />
        <script src={assets.page} defer />
      </Head>
      <body>
        <Main />
        <NextScript />
      </body>
    </Html>
  );
}
