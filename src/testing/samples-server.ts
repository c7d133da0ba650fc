/**
 * Every page with the data of its samples, as a browser would get it: `/NAME?theme=…&locale=…&accent=rrggbb`, under the policy of
 * the store. `/` lists them; the address that a page has in the store leads to its first sample, so links between pages go on.
 */
import { join } from "node:path";
import { testContext } from "../../views/testing/context.ts";
import { galleryIndexPage } from "../../views/testing/gallery-index.tsx";
import { SAMPLES, type Sample } from "../../views/testing/samples.ts";
import { accentStylesheet } from "../catalog/appearance/accent.ts";
import { directionOf, REFERENCE_LANGUAGE } from "../languages.ts";

const CSP = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const built = join(import.meta.dirname, "../../assets/built");
/** Of what is chosen with the buttons of a page. */
const COOKIE = "gallery_";
const INDEX: Pick<Sample, "path" | "viewer" | "flash"> = { path: "/", viewer: null, flash: null };

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
      if (request.method === "POST") return chosen(request, url);
      const query = new URLSearchParams([...cookiesOf(request), ...url.searchParams]);
      if (url.pathname === "/") return page(await galleryIndexPage(contextOf(INDEX, query, hash), SAMPLES));
      const sample =
        SAMPLES.find(({ name }) => url.pathname === `/${name}`) ??
        SAMPLES.find(({ path }) => url.pathname === path);
      if (!sample) return new Response("no such sample", { status: 404 });
      return page(await sample.render(contextOf(sample, query, hash)));
    },
  });
  return { url: server.url.href, stop: () => server.stop(true) };
}

function page(markup: string): Response {
  return new Response(markup, {
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": CSP },
  });
}

/** Language and theme, as the pages' own buttons choose them; any other form does nothing. Back to where it was sent from. */
async function chosen(request: Request, { pathname, origin }: URL): Promise<Response> {
  const back = request.headers.get("referer") ?? "/";
  const headers = new Headers({ location: back.startsWith(origin) ? back : "/" });
  const [field, name] = pathname === "/theme" ? ["theme", "theme"] : ["language", "locale"];
  if (pathname === "/theme" || pathname === "/language") {
    const value = String((await request.formData()).get(field) ?? "");
    if (/^[A-Za-z-]*$/.test(value)) headers.append("set-cookie", `${COOKIE}${name}=${value}; Path=/`);
  }
  return new Response(null, { status: 303, headers });
}

function cookiesOf(request: Request): [name: string, value: string][] {
  const pairs = (request.headers.get("cookie") ?? "").split(/; */).map((pair) => pair.split("="));
  return pairs.flatMap(([name = "", value = ""]) =>
    name.startsWith(COOKIE) ? [[name.slice(COOKIE.length), value] as [string, string]] : [],
  );
}

/** In which nothing happens. */
function openStream(): Response {
  const body = new ReadableStream({ start: (controller) => controller.enqueue("event: alive\ndata:\n\n") });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** The last one that is given of each holds. */
function contextOf(
  { path, viewer, flash }: Pick<Sample, "path" | "viewer" | "flash">,
  query: URLSearchParams,
  hash: string,
) {
  const theme = query.getAll("theme").at(-1);
  const locale = query.getAll("locale").at(-1) || REFERENCE_LANGUAGE;
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
