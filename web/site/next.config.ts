import type { NextConfig } from "next";
import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const workspace = dirname(dirname(fileURLToPath(import.meta.url)));
// Tells the BFF in front when another build answers, so that no page it kept is drawn with files of another build.
const build = randomUUID();

const forever = [{ key: "Cache-Control", value: "public, max-age=31536000, immutable" }];

const config: NextConfig = {
  output: "standalone",
  outputFileTracingRoot: workspace,
  turbopack: { root: workspace },
  transpilePackages: ["@blog/api"],
  reactStrictMode: true,
  poweredByHeader: false,
  // The BFF in front compresses once per cached page and makes the entity tag.
  compress: false,
  generateEtags: false,
  images: {
    deviceSizes: [640, 828, 1200, 1920],
    imageSizes: [384],
    qualities: [75],
    formats: ["image/avif", "image/webp"],
    localPatterns: [{ pathname: "/media/**", search: "" }],
    // A picture's address names its bytes for ever.
    minimumCacheTTL: 31536000,
    maximumDiskCacheSize: 512 * 1024 * 1024,
  },
  experimental: {
    // Two cores are shared with every other service: one picture at a time.
    imgOptConcurrency: 1,
    imgOptMaxInputPixels: 100_000_000,
    imgOptTimeoutInSeconds: 20,
  },
  headers: async () => [
    { source: "/:path*", headers: [{ key: "X-Site-Build", value: build }] },
    // An embedded story is drawn in a frame without our origin's rights, so its fonts are fetched from elsewhere.
    { source: "/assets/:file*", headers: [...forever, { key: "Access-Control-Allow-Origin", value: "*" }] },
  ],
};

export default config;
