import next from "eslint-config-next/core-web-vitals";
import typescript from "eslint-config-next/typescript";

const config = [
  { ignores: ["**/node_modules/**", "**/.next/**", "**/next-env.d.ts", "site/public/assets/**", "site/public/sw.js", "site/lib/generated/**", "packages/api/src/schema.d.ts"] },
  ...next,
  ...typescript,
  {
    settings: { next: { rootDir: "site" }, react: { version: "19.2" } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // Reading pages ship no client framework: a link is a link, a picture is an <img> with its own srcset, and theme.ts must run before the first paint.
      "@next/next/no-html-link-for-pages": "off",
      "@next/next/no-img-element": "off",
      "@next/next/no-sync-scripts": "off",
      "@next/next/no-css-tags": "off",
      "@next/next/no-head-element": "off",
    },
  },
];

export default config;
