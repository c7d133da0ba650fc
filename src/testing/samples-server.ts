/** Every page with the data of its samples, as a browser would get it: `/NAME?theme=…&locale=…&accent=rrggbb`, under the policy of the store. */
import { join } from "node:path";
import { testContext } from "../../views/testing/context.ts";
import { SAMPLES, type Sample } from "../../views/testing/samples.ts";
import { accentStylesheet } from "../catalog/appearance/accent.ts";
import { directionOf } from "../languages.ts";

const CSP = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const built = join(import.meta.dirname, "../../assets/built");

export type SamplesServer = { readonly url: string; readonly stop: () => void };

/** @param port 0 takes a free one. */
export async function serveSamples(port = 0): Promise<SamplesServer> {
  const { hash } = await Bun.file(join(built, "manifest.json")).json();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    async fetch(request) {
      const url = new URL(request.url);
      const asset = /^\/assets\/(?:[0-9a-f]{16}\/)?([a-z0-9.-]+)$/.exec(url.pathname)?.[1];
      const accent = /^accent-([0-9a-f]{6})\.css$/.exec(asset ?? "")?.[1];
      if (accent)
        return new Response(accentStylesheet(`#${accent}`), { headers: { "content-type": "text/css" } });
      if (asset) return new Response(Bun.file(join(built, asset)));
      if (url.pathname.endsWith("/events")) return openStream();
      // A page that asks for itself again, until something is done, is told that nothing is new.
      if (request.headers.has("hx-request")) return new Response(null, { status: 204 });
      const sample = SAMPLES.find(({ name }) => url.pathname === `/${name}`);
      if (!sample) return new Response("no such sample", { status: 404 });
      return new Response(await sample.render(contextOf(sample, url.searchParams, hash)), {
        headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": CSP },
      });
    },
  });
  return { url: server.url.href, stop: () => server.stop(true) };
}

/** In which nothing happens. */
function openStream(): Response {
  const body = new ReadableStream({ start: (controller) => controller.enqueue("event: alive\ndata:\n\n") });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function contextOf({ path, viewer, flash }: Sample, query: URLSearchParams, hash: string) {
  const theme = query.get("theme");
  const locale = query.get("locale") ?? "en";
  const accent = query.get("accent") ?? "";
  return testContext({
    ...{ path, viewer, locale },
    dir: directionOf(locale),
    flash: flash ?? null,
    accent: /^[0-9a-f]{6}$/.test(accent) ? `#${accent}` : null,
    theme: theme === "dark" || theme === "light" ? theme : null,
    assetUrl: (name) => `/assets/${hash}/${name}`,
  });
}
