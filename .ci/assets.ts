/**
 * Builds assets/built: one stylesheet, one icon sprite, the scripts, the font, the conformance kit, and a manifest of them.
 *
 * `manifest.json` holds one hash over everything, so that all files are served below one immutable path
 * (`/assets/<hash>/<name>`) and the stylesheet can name the font beside it. The same inputs give the same bytes.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { browserslistToTargets, Features, transform } from "lightningcss";
import { kitArchive } from "../conformance/make/archive.ts";

const root = join(import.meta.dirname, "..");
const out = join(root, "assets/built");
const LAYERS = ["reset", "tokens", "base", "layout", "components", "utilities"] as const;

/** The oldest browsers in which nesting, light-dark() and the popover attribute all work. */
const TARGETS = browserslistToTargets([
  "chrome 125",
  "edge 125",
  "firefox 128",
  "safari 17.5",
  "ios_saf 17.5",
]);

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  gz: "application/gzip",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

/** The sheets of a layer: one file, or for the components one file each. */
async function sheetsOf(layer: (typeof LAYERS)[number]): Promise<string[]> {
  if (layer !== "components") return [`${layer}.css`];
  return (await readdir(join(root, "assets/css/components"))).sort().map((file) => `components/${file}`);
}

async function stylesheet(): Promise<Uint8Array> {
  const parts = [`@layer ${LAYERS.join(", ")};`];
  const seen = new Set<string>();
  for (const layer of LAYERS) {
    for (const sheet of await sheetsOf(layer)) {
      seen.add(sheet);
      parts.push(await readFile(join(root, "assets/css", sheet), "utf8"));
    }
  }
  for (const file of await readdir(join(root, "assets/css"))) {
    if (file !== "components" && !seen.has(file)) {
      throw new Error(`assets/css/${file} belongs to no layer (${LAYERS.join(", ")})`);
    }
  }
  const result = transform({
    filename: "app.css",
    code: Buffer.from(parts.join("\n")),
    minify: true,
    targets: TARGETS,
    // Every target has light-dark(); the fallback for older ones doubles the tokens.
    exclude: Features.LightDark,
  });
  for (const warning of result.warnings) throw new Error(`app.css: ${warning.message} (${warning.type})`);
  return result.code;
}

/** A sprite of the icons named in assets/icons/used.json (our name → lucide's file). */
async function sprite(): Promise<string> {
  const used: Record<string, string> = JSON.parse(
    await readFile(join(root, "assets/icons/used.json"), "utf8"),
  );
  const symbols: string[] = [];
  for (const [name, file] of Object.entries(used).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const svg = await readFile(join(root, `node_modules/lucide-static/icons/${file}.svg`), "utf8");
    const body = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
    if (!body) throw new Error(`the icon ${file} has no drawing`);
    symbols.push(
      `<symbol id="${name}" viewBox="0 0 24 24" fill="${name.endsWith("-filled") ? "currentColor" : "none"}" stroke="currentColor" stroke-width="1.75" ` +
        `stroke-linecap="round" stroke-linejoin="round">${body.replace(/\s*\n\s*/g, "")}</symbol>`,
    );
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

async function script(name: string): Promise<string> {
  const built = await Bun.build({
    entrypoints: [join(root, "assets/js", name)],
    target: "browser",
    format: "iife",
    minify: true,
  });
  const [file] = built.outputs;
  if (!built.success || !file) throw new AggregateError(built.logs, "assets/js did not build");
  return file.text();
}

/** With its extension for event streams, in one file: a page that has one has the other. */
async function htmx(): Promise<string> {
  const parts = ["htmx.min.js", "ext/hx-sse.min.js"].map((name) =>
    readFile(join(root, "node_modules/htmx.org/dist", name), "utf8"),
  );
  return (await Promise.all(parts))
    .map((text) => text.replace(/^\/\/# sourceMappingURL=.*$/m, "").trim())
    .join(";\n");
}

async function build(): Promise<void> {
  const files: Record<string, Uint8Array | string> = {
    "app.css": await stylesheet(),
    "app.js": await script("app.js"),
    "conformance.tar.gz": await kitArchive(await readFile(join(out, "conformance.tar.gz")).catch(() => null)),
    "favicon.svg": await readFile(join(root, "assets/icons/mark.svg")),
    "htmx.js": await htmx(),
    "icons.svg": await sprite(),
    // Of those who choose a file alone: it is as large as all other scripts together.
    "tus.js": await script("tus.js"),
    "inter.woff2": await readFile(
      join(root, "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"),
    ),
  };

  const hash = createHash("sha256");
  const manifest: { hash: string; files: Record<string, { type: string; sizeBytes: number }> } = {
    hash: "",
    files: {},
  };
  await mkdir(out, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    hash.update(`${name}\0${bytes.byteLength}\0`).update(bytes);
    const type = MEDIA_TYPES[basename(name).split(".").at(-1) ?? ""];
    if (!type) throw new Error(`no media type for ${name}`);
    manifest.files[name] = { type, sizeBytes: bytes.byteLength };
    // A reader beside us (a running test, the compiler) sees the old file or the new one, never half of one.
    await writeFile(join(out, `.${name}.tmp`), bytes);
    await rename(join(out, `.${name}.tmp`), join(out, name));
  }
  manifest.hash = hash.digest("hex").slice(0, 16);
  await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of await readdir(out)) {
    if (file !== "manifest.json" && !(file in files)) await rm(join(out, file), { recursive: true });
  }
  const kib = (name: string) => `${name} ${((manifest.files[name]?.sizeBytes ?? 0) / 1024).toFixed(1)} KiB`;
  console.log(`assets/built (${manifest.hash}): ${Object.keys(files).map(kib).join(", ")}`);
}

await build();
