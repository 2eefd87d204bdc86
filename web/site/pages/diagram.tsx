import type { GetServerSideProps } from "next";
import { assets } from "@/lib/generated/assets";
import { cacheable, show } from "@/lib/page";

export { default } from "@/lib/drawn";

/** The page in the frame of a diagram (lib/diagrams.ts); the BFF sends it with a policy of its own. */
export const getServerSideProps: GetServerSideProps = async (context) => {
  cacheable(context, []);
  return show(
    context,
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>Diagram</title>
        <script src={assets.diagram} type="module" />
      </head>
      <body />
    </html>,
  );
};
