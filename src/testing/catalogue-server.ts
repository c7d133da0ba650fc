/** Serves what devices may read of a store's blobs over loopback, as `mosis serve` does, and lets a test interfere. */
import { servedKey } from "../catalog/tuf/roles.ts";
import type { AudienceId } from "../ids.ts";
import type { Blobs } from "../storage/blobs.ts";

export type CatalogueServer = {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly requests: { path: string; range: string | null }[];
  /** Answers in the store's place; null leaves it to the store. */
  intercept: ((path: string, request: Request) => Promise<Response | null> | Response | null) | null;
  stop(): Promise<void>;
};

/** Of audiences the catalogues alone, for whoever asks. */
function keyOf(path: string): string {
  const [, audience, address = ""] = /^\/store\/v1\/audiences\/([^/]+)\/(.+)$/.exec(path) ?? [];
  return audience === undefined ? path.slice(1) : servedKey(audience as AudienceId, address);
}

/** What lies below `store/v1/`, with single ranges; 404 for anything else. */
export function serveCatalogue(blobs: Blobs): CatalogueServer {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const path = new URL(request.url).pathname;
      const rangeText = request.headers.get("range");
      self.requests.push({ path, range: rangeText });
      const replaced = await self.intercept?.(path, request);
      if (replaced) return replaced;
      const key = keyOf(path);
      const info = path.startsWith("/store/v1/") ? await blobs.head(key) : null;
      if (!info) return new Response("not found", { status: 404 });
      const range = /^bytes=(\d+)-$/.exec(rangeText ?? "");
      if (!range) return new Response(await blobs.stream(key));
      const start = Number(range[1]);
      if (start >= info.sizeBytes) return new Response(null, { status: 416 });
      return new Response(await blobs.stream(key, { start, endExclusive: info.sizeBytes }), {
        status: 206,
        headers: { "content-range": `bytes ${start}-${info.sizeBytes - 1}/${info.sizeBytes}` },
      });
    },
  });
  const self: CatalogueServer = {
    url: `http://127.0.0.1:${server.port}`,
    requests: [],
    intercept: null,
    stop: async () => {
      await server.stop(true);
    },
  };
  return self;
}
