/** The headers that every answer has. */
import type { Area } from "./route.ts";
import type { RequestInfo } from "./transport.ts";

const HEADERS: readonly (readonly [string, string])[] = [
  [
    "Content-Security-Policy",
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  ],
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "DENY"],
  ["Referrer-Policy", "same-origin"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
];

/** What may be kept of an answer that does not say so itself. */
const CACHING: Readonly<Record<Area, string>> = {
  api: "no-store",
  // Kept for the back button, asked again before it is shown: signed out must mean gone.
  page: "private, no-cache",
  file: "no-cache",
};

/** Puts the headers on; gives the same response. */
export function secured(response: Response, info: RequestInfo, area: Area): Response {
  const { headers } = response;
  for (const [name, value] of HEADERS) headers.set(name, value);
  // Only over https, where it counts (RFC 6797 §7.2); two years, and not for subdomains that are not ours.
  if (info.https) headers.set("Strict-Transport-Security", "max-age=63072000");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", CACHING[area]);
  // What is public is the same for everyone, and caches should keep it once.
  const isPublic = headers.get("Cache-Control")?.startsWith("public") === true;
  if (area === "api") headers.append("Vary", "Authorization");
  if (area === "page" && !isPublic) headers.append("Vary", "Cookie, HX-Request-Type");
  headers.set("X-Request-Id", info.id);
  return response;
}
