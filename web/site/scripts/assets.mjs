// Builds what reading pages ship: a style sheet with its fonts, a script that runs before the first paint, and a module for the rest, of which parts
// are loaded when they are first needed (`await import(…)` in an island). All are named by content, so that they can be cached for ever.
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import sharp from "sharp";

const site = new URL("..", import.meta.url).pathname;
const out = `${site}public/assets`;

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

/** The interface's face is used only where it is there in time: a menu that is drawn twice moves under the pointer. Reading faces are worth the wait. */
const steady = {
  name: "steady",
  setup: (building) =>
    building.onLoad({ filter: /fontsource-variable\/inter\/.*\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll("font-display: swap", "font-display: optional"),
      loader: "css",
    })),
};

const options = {
  absWorkingDir: site,
  outdir: "public/assets",
  entryNames: "[name].[hash]",
  assetNames: "[name].[hash]",
  publicPath: "/assets",
  bundle: true,
  minify: true,
  metafile: true,
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  loader: { ".woff2": "file", ".svg": "file" },
  plugins: [steady],
  logLevel: "warning",
};
const built = await Promise.all([
  build({ ...options, format: "iife", entryPoints: { site: "styles/site.css", desk: "styles/write.css", embed: "styles/embed.css", theme: "islands/theme.ts", offline: "islands/offline-page.ts", bell: "islands/bell-panel.ts" } }),
  build({ ...options, format: "esm", splitting: true, chunkNames: "[name].[hash]", entryPoints: { page: "islands/page.ts" } }),
]);

// What draws diagrams is large, and most pages have none: it is no part of what the service worker keeps for every reader.
const drawing = await build({ ...options, format: "esm", splitting: true, outdir: "public/assets/diagram", publicPath: "/assets/diagram", chunkNames: "[name].[hash]", entryPoints: { diagram: "islands/diagram-frame.ts" } });
const diagram = Object.entries(drawing.metafile.outputs).find(([, { entryPoint }]) => entryPoint === "islands/diagram-frame.ts")?.[0];
if (!diagram) throw new Error("The build made nothing that draws diagrams.");

const outputs = built.flatMap(({ metafile }) => Object.entries(metafile.outputs));
const address = (wanted) => {
  const found = outputs.find(([path, output]) => (output.entryPoint ?? path).includes(wanted));
  if (!found) throw new Error(`The build made no ${wanted}.`);
  return `/assets/${found[0].split("/").at(-1)}`;
};

/** What a module needs before it can begin, in whatever depth; what it loads later does not count. */
function needs(path) {
  const output = outputs.find(([other]) => other === path)?.[1];
  const own = (output?.imports ?? []).filter(({ kind }) => kind === "import-statement").map((imported) => imported.path);
  return [...new Set(own.flatMap((imported) => [imported, ...needs(imported)]))];
}

const page = address("islands/page.ts");
const assets = {
  style: address("styles/site.css"),
  desk: address("styles/write.css"),
  embed: address("styles/embed.css"),
  theme: address("islands/theme.ts"),
  page,
  offline: address("islands/offline-page.ts"),
  bell: address("islands/bell-panel.ts"),
  diagram: diagram.replace(/^public/, ""),
  /** Fetched beside the page's module instead of after it. */
  parts: needs(`public${page}`).map((path) => path.replace(/^public/, "")),
  serif: address("source-serif-4-latin-opsz-normal"),
  sans: address("inter-latin-wght-normal"),
};

await mkdir(`${site}lib/generated`, { recursive: true });
await writeFile(
  `${site}lib/generated/assets.ts`,
  `// Made by scripts/assets.mjs.\nexport const assets = ${JSON.stringify(assets, null, 2)} as const;\n`,
);

const files = outputs.map(([path]) => `/assets/${path.split("/").at(-1)}`);

// The service worker keeps its address, so it is not named by its content; it knows the files of its own build.
await build({
  absWorkingDir: site,
  entryPoints: ["worker/sw.ts"],
  outfile: "public/sw.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  define: {
    // Drawing any page of a reader takes these; scripts other than Latin bring their fonts when they are read.
    BLOG_ASSETS: JSON.stringify([
      ...new Set([assets.style, ...files.filter((path) => path.endsWith(".js") || /-latin-(?:opsz|wght)-|stroke/.test(path)), "/icon.svg"]),
    ]),
    BLOG_FONTS: JSON.stringify(files.filter((path) => path.endsWith(".woff2"))),
  },
  logLevel: "warning",
});

// What a home screen shows. A maskable icon is cut to a circle or a square by the system, so it has a margin (the safe zone is 80 %).
await mkdir(`${site}public/icons`, { recursive: true });
const icon = await readFile(`${site}public/icon.svg`);
const drawn = (size) => sharp(icon, { density: 72 * (size / 32) }).resize(size, size);
await Promise.all([
  ...[180, 192, 512].map((size) => drawn(size).png().toFile(`${site}public/icons/${size}.png`)),
  drawn(360).toBuffer().then((letter) => sharp({ create: { width: 512, height: 512, channels: 4, background: "#15171a" } }).composite([{ input: letter }]).png().toFile(`${site}public/icons/maskable.png`)),
  // Of the badge, systems use the opacity alone.
  sharp(Buffer.from(icon.toString().replace(/<rect[^>]*\/>/, "")), { density: 216 }).resize(96, 96).png().toFile(`${site}public/icons/badge.png`),
]);

// The budget of a reading page, checked where it is spent.
const budget = 60 * 1024;
const scripts = await Promise.all([assets.theme, assets.page, ...assets.parts].map((path) => readFile(`${site}public${path}`)));
const spent = scripts.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0);
if (spent > budget) throw new Error(`Reading pages ship ${spent} bytes of JavaScript compressed; the budget is ${budget}.`);
console.log(`Assets: ${outputs.length} files, ${(spent / 1024).toFixed(1)} KB of JavaScript compressed on a reading page.`);
