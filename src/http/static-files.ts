/** /assets/*: the pages' own stylesheets, scripts, icons and fonts, from the executable. */
import { Type } from "@sinclair/typebox";
import { assetBytes, assetHash, assetText, hasAsset } from "../assets.ts";
import { accentMark, accentStylesheet } from "../catalog/appearance/accent.ts";
import { isShownColour } from "../catalog/appearance/shown-colours.ts";
import { gzipOnce, takesGzip } from "./compressed.ts";
import { matchesEtag } from "./reply.ts";
import { type CallBase, defineRoute, nothingHere, type Route } from "./route.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  gz: "application/gzip",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  woff2: "font/woff2",
  png: "image/png",
};

/** Text, which gzip makes shorter; the rest is compressed as it is. */
const SHORTER: ReadonlySet<string> = new Set(["css", "js", "json", "svg"]);

let build: string | undefined;

/** Changes with any of the built files; a part of their address, so that browsers may keep them for good. */
function buildHash(): string {
  if (build === undefined) {
    const manifest: unknown = JSON.parse(assetText("built/manifest.json"));
    const hash =
      typeof manifest === "object" && manifest !== null && "hash" in manifest ? manifest.hash : null;
    if (typeof hash !== "string" || !/^[0-9a-f]{8,64}$/.test(hash))
      throw new Error("assets/built/manifest.json has no hash");
    build = hash;
  }
  return build;
}

/** The address of a file of assets/built, for pages. */
export function assetUrl(name: string): string {
  return `/assets/${buildHash()}/${name}`;
}

/** A store's own colour: the stylesheet and the tab's icon are made of it, and their names say it. */
const ACCENT_FILE = /^accent-([0-9a-f]{6})\.(css|svg)$/;

function serveAsset({ store, request }: CallBase, file: string, caching: string): Response {
  const [, accent, kind] = ACCENT_FILE.exec(file) ?? [];
  // Working one out takes thousands of times as long as asking for it: of the colours that pages are shown in alone.
  if (accent !== undefined && !isShownColour(store, `#${accent}`)) throw nothingHere();
  if (accent !== undefined) {
    const made =
      kind === "css"
        ? accentStylesheet(`#${accent}`)
        : accentMark(assetText("built/favicon.svg"), `#${accent}`);
    return new Response(made, {
      headers: { "Cache-Control": caching, "Content-Type": TYPES[kind ?? ""] ?? "" },
    });
  }
  const name = `built/${file}`;
  const ending = file.slice(file.lastIndexOf(".") + 1);
  const type = TYPES[ending];
  if (type === undefined || !hasAsset(name)) throw nothingHere();
  const isShorter = SHORTER.has(ending);
  const coding = isShorter && takesGzip(request) ? "gzip" : null;
  const headers = {
    ETag: coding === null ? `"${assetHash(name)}"` : `"${assetHash(name)}-${coding}"`,
    "Cache-Control": caching,
    ...(isShorter ? { Vary: "Accept-Encoding" } : {}),
  };
  if (matchesEtag(request, headers.ETag)) return new Response(null, { status: 304, headers });
  const bytes = coding === null ? assetBytes(name) : gzipOnce(name, assetBytes(name));
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      ...headers,
      ...(coding === null ? {} : { "Content-Encoding": coding }),
      "Content-Type": type,
      "Content-Length": String(bytes.byteLength),
    },
  });
}

const FILE = Type.String({ pattern: "^[a-z0-9][a-z0-9._-]{0,80}$" });

export const staticFileRoutes: readonly Route[] = [
  defineRoute({
    area: "file",
    method: "GET",
    path: "/assets/:build/:file",
    access: "public",
    name: "readAsset",
    summary: "A file of the pages, under an address that changes with it",
    params: Type.Object({ build: Type.String({ pattern: "^[0-9a-f]{8,64}$" }), file: FILE }),
    // A page of the build before still gets its file, but the answer is not kept under the wrong address.
    handle: (call) =>
      serveAsset(
        call,
        call.params.file,
        call.params.build === buildHash() ? "public, max-age=31536000, immutable" : "no-store",
      ),
  }),
  defineRoute({
    area: "file",
    method: "GET",
    path: "/conformance.tar.gz",
    access: "public",
    name: "readConformanceKit",
    summary: "The conformance kit: files that every reader of the formats judges alike",
    handle: (call) => serveAsset(call, "conformance.tar.gz", "public, no-cache"),
  }),
  defineRoute({
    area: "file",
    method: "GET",
    path: "/favicon.ico",
    access: "public",
    name: "readFavicon",
    summary: "The icon that browsers ask for by themselves",
    handle: (call) => serveAsset(call, "favicon.svg", "public, max-age=86400"),
  }),
];
