// Builds what reading pages ship: a style sheet with its fonts and two scripts, named by content so that they can be cached for ever.
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const site = new URL("..", import.meta.url).pathname;
const out = `${site}public/assets`;

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const result = await build({
  absWorkingDir: site,
  entryPoints: { site: "styles/site.css", desk: "styles/write.css", theme: "islands/theme.ts", page: "islands/page.ts" },
  outdir: "public/assets",
  entryNames: "[name].[hash]",
  assetNames: "[name].[hash]",
  publicPath: "/assets",
  bundle: true,
  minify: true,
  metafile: true,
  format: "iife",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  loader: { ".woff2": "file", ".svg": "file" },
  logLevel: "warning",
});

const outputs = Object.entries(result.metafile.outputs);
const address = (wanted) => {
  const found = outputs.find(([path, output]) => (output.entryPoint ?? path).includes(wanted));
  if (!found) throw new Error(`The build made no ${wanted}.`);
  return `/assets/${found[0].split("/").at(-1)}`;
};

const assets = {
  style: address("styles/site.css"),
  desk: address("styles/write.css"),
  theme: address("islands/theme.ts"),
  page: address("islands/page.ts"),
  serif: address("source-serif-4-latin-opsz-normal"),
  sans: address("inter-latin-wght-normal"),
};

await mkdir(`${site}lib/generated`, { recursive: true });
await writeFile(
  `${site}lib/generated/assets.ts`,
  `// Made by scripts/assets.mjs.\nexport const assets = ${JSON.stringify(assets, null, 2)} as const;\n`,
);

// The budget of a reading page, checked where it is spent.
const budget = 60 * 1024;
const scripts = await Promise.all([assets.theme, assets.page].map((path) => readFile(`${site}public${path}`)));
const spent = scripts.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0);
if (spent > budget) throw new Error(`Reading pages ship ${spent} bytes of JavaScript compressed; the budget is ${budget}.`);
console.log(`Assets: ${outputs.length} files, ${(spent / 1024).toFixed(1)} KB of JavaScript compressed on a reading page.`);
